import { expect, test } from "vitest";
import { OnceAMinute } from "../../src/indi/once-a-minute.js";

function lines() {
  const told: string[] = [];
  let now = 0;
  const log = new OnceAMinute(
    (line) => void told.push(line),
    () => now,
  );
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { told, log, pass };
}

test("The same line is told again after a minute", () => {
  const { told, log, pass } = lines();
  log.tell("a");
  pass(30_000);
  log.tell("a");
  log.tell("b");
  pass(30_000);
  log.tell("a");
  log.tell("b");
  expect(told).toEqual(["a", "b", "a"]);
});

test("No more than a hundred lines a minute are told, however different", () => {
  const { told, log, pass } = lines();
  for (let number = 0; number < 10_000; number++) log.tell(`stranger ${number}`);
  expect(told).toHaveLength(100);
  pass(60_000);
  log.tell("another stranger");
  expect(told.at(-1)).toBe("another stranger");
});
