import { expect, test } from "vitest";
import { timeOfDay } from "../../src/posix/time.js";

test("The time of day agrees with the system's and has parts of a millisecond", () => {
  const before = Date.now();
  const times = Array.from({ length: 100 }, timeOfDay);
  const after = Date.now() + 1;
  expect(times.every((time) => time >= before && time <= after)).toBe(true);
  expect(times.some((time) => !Number.isInteger(time))).toBe(true);
});
