import { expect, test } from "vitest";
import { exactSleep, timeOfDay } from "../../src/posix/time.js";

test("The time of day agrees with the system's and has parts of a millisecond", () => {
  const before = Date.now();
  const times = Array.from({ length: 100 }, timeOfDay);
  const after = Date.now() + 1;
  expect(times.every((time) => time >= before && time <= after)).toBe(true);
  expect(times.some((time) => !Number.isInteger(time))).toBe(true);
});

test("a sleep is never shorter than asked", async () => {
  for (const milliseconds of [0, 0.3, 1.7, 2, 4.6]) {
    const started = performance.now();
    await exactSleep(milliseconds);
    // Whole microseconds are all the system is asked for.
    expect(performance.now() - started).toBeGreaterThan(milliseconds - 0.001);
  }
});

test.each([1, 60_000])("a sleep of %d ms ends with the signal's reason", async (milliseconds) => {
  const control = new AbortController();
  const sleeping = expect(exactSleep(milliseconds, control.signal)).rejects.toThrow("enough");
  control.abort(new Error("enough"));
  await sleeping;
});
