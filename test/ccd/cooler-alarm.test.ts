import { expect, test } from "vitest";
import { CoolerAlarm } from "../../src/ccd/cooler-alarm.js";

function reading(celsius: number, power: number, isCooling = true) {
  return { celsius, power, isCooling, at: 0 };
}

test("the alarm begins once when the temperature rises at full power, and ends with the strain", () => {
  const alarm = new CoolerAlarm();
  const check = (celsius: number, power = 100) => alarm.check(reading(celsius, power), -20);
  expect([-10, -15, -18, -17.8].map((celsius) => check(celsius))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(alarm.isOn).toBe(false);
  expect([-17.5, -17, -16].map((celsius) => check(celsius))).toEqual([true, false, false]);
  expect(alarm.isOn).toBe(true);
  expect(check(-17, 90)).toBe(false);
  expect(alarm.isOn).toBe(false);
});

test("neither a cooler that holds its target nor one without a target nor one that is off alarms", () => {
  for (const [target, power, isCooling] of [
    [-20, 80, true],
    [undefined, 100, true],
    [-20, 100, false],
  ] as const) {
    const alarm = new CoolerAlarm();
    for (const celsius of [-18, -15, -10]) {
      expect(alarm.check(reading(celsius, power, isCooling), target)).toBe(false);
    }
  }
});
