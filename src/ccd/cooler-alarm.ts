import type { Reading } from "./thermometer.js";

/** Full power, in percent. */
const FULL = 100;
/** Closer to the target than this, or less far from the coldest, is no drift, in degrees. */
const NEAR = 1;
const DRIFT = 0.5;

/** Watches whether the temperature drifts away from its target although the cooler gives all it has. */
export class CoolerAlarm {
  #coldest: number | undefined;
  #isOn = false;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Takes a reading; true where the alarm begins with it. */
  check({ celsius, power, isCooling }: Reading, target: number | undefined): boolean {
    const isStrained = isCooling && power >= FULL && target !== undefined;
    if (!isStrained || celsius - target <= NEAR) {
      this.#coldest = undefined;
      this.#isOn = false;
      return false;
    }
    this.#coldest = Math.min(this.#coldest ?? celsius, celsius);
    const begins = !this.#isOn && celsius - this.#coldest >= DRIFT;
    this.#isOn ||= begins;
    return begins;
  }
}
