import { expect, test } from "vitest";
import { Restarts } from "../../src/camera/process/restarts.js";

test("A process that fails again and again is brought back at once, after a second, after four, and no more", () => {
  const restarts = new Restarts(() => 0);
  const rests = Array.from({ length: 4 }, () => {
    restarts.opened();
    return restarts.failed();
  });
  expect(rests).toEqual([0, 1_000, 4_000, undefined]);
  expect(restarts.failures).toBe(4);
});

test("Failures that are to be forgotten, or before half a minute at work, do not count any more", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  restarts.failed();
  restarts.opened();
  restarts.forget();
  expect(restarts.failed()).toBe(0);
  restarts.opened();
  now = 30_000;
  expect(restarts.failed()).toBe(0);
  restarts.opened();
  now = 59_999;
  expect(restarts.failed()).toBe(1_000);
});

test("The time a process takes to come does not count as its work", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  restarts.failed();
  now = 100_000;
  expect(restarts.failed()).toBe(1_000);
});
