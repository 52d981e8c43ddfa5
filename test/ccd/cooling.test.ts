import { expect, test } from "vitest";
import { CameraFailure } from "../../src/camera/errors.js";
import { approach, type Course } from "../../src/ccd/cooling.js";

const RANGE = { min: -40, max: 30 };
const SIGNAL = new AbortController().signal;

/** A sensor that is read every 10 seconds and follows its set-point in between, unless something holds it. */
class Sensor {
  celsius: number;
  setPoint: number | undefined;
  /** The set-points programmed so far, with the minute they were. */
  readonly programmed: [minute: number, degrees: number][] = [];
  /** The coldest and the warmest it can be. */
  readonly reach: { coldest: number; warmest: number };
  #at = 0;

  constructor(celsius: number, reach: Partial<Sensor["reach"]> = {}) {
    this.celsius = celsius;
    this.reach = { coldest: -100, warmest: 100, ...reach };
  }

  get minutes(): number {
    return this.#at / 60_000;
  }

  readonly tools = {
    latest: () => ({ celsius: this.celsius, power: 100, isCooling: true, at: this.#at }),
    next: async () => {
      this.#at += 10_000;
      if (this.minutes > 600) throw new Error("This never ends");
      const { coldest, warmest } = this.reach;
      const goal = Math.min(warmest, Math.max(coldest, this.setPoint ?? this.celsius));
      this.celsius += Math.max(-2, Math.min(2, goal - this.celsius));
    },
    set: async (degrees: number) => {
      this.setPoint = degrees;
      this.programmed.push([this.minutes, degrees]);
    },
  };

  follow(course: Partial<Course> & { target: number }) {
    const standstill = { degrees: 0.3, milliseconds: 180_000 };
    const whole = { range: RANGE, slope: () => 0, threshold: () => 0.2, standstill, ...course };
    return approach(whole, this.tools, SIGNAL);
  }
}

test("without a ramp the set-point is the target at once", async () => {
  const sensor = new Sensor(20);
  expect(await sensor.follow({ target: -10 })).toBe("reached");
  expect(sensor.programmed).toEqual([[0, -10]]);
  expect(sensor.celsius).toBe(-10);
});

test("with a ramp the set-point goes down no faster than the slope", async () => {
  const sensor = new Sensor(20);
  expect(await sensor.follow({ target: 14, slope: () => 2 })).toBe("reached");
  expect(sensor.programmed.map(([, degrees]) => degrees)).toEqual([20, 19, 18, 17, 16, 15, 14]);
  expect(sensor.minutes).toBeGreaterThanOrEqual(3);
  expect(sensor.minutes).toBeLessThan(3.5);
  for (const [minute, degrees] of sensor.programmed) {
    expect(20 - degrees).toBeLessThanOrEqual(2 * minute + 0.51);
  }
});

test("with a ramp the set-point goes up no faster than the slope", async () => {
  const sensor = new Sensor(-10);
  expect(await sensor.follow({ target: 5, slope: () => 5 })).toBe("reached");
  expect(sensor.programmed[0]).toEqual([0, -10]);
  expect(sensor.programmed.at(-1)?.[1]).toBe(5);
  expect(sensor.minutes).toBeGreaterThanOrEqual(3);
});

test("a ramp that is switched off on the way is over at once", async () => {
  const sensor = new Sensor(20);
  const slope = () => (sensor.minutes < 1 ? 1 : 0);
  await sensor.follow({ target: 0, slope });
  expect(sensor.minutes).toBeLessThan(4);
});

test("a wider threshold is reached earlier", async () => {
  const sensor = new Sensor(20, { coldest: -9 });
  expect(await sensor.follow({ target: -10, threshold: () => 1 })).toBe("reached");
});

test("a target warmer than the surroundings ends where it is no warmer, also at the end of a ramp", async () => {
  for (const slope of [0, 5]) {
    const sensor = new Sensor(-5, { warmest: 12 });
    expect(await sensor.follow({ target: 25, slope: () => slope })).toBe("ambient");
    expect(sensor.celsius).toBe(12);
    expect(sensor.minutes).toBeLessThan(12);
  }
});

test("a target the cooler cannot reach fails and says so", async () => {
  const sensor = new Sensor(20, { coldest: -14.5 });
  const cooling = sensor.follow({ target: -15 });
  await expect(cooling).rejects.toThrow(CameraFailure);
  await expect(cooling).rejects.toThrow(
    "The temperature stays at -14.5 C although the cooler works at 100 %.",
  );
});

test("a slow ramp is not mistaken for a standstill", async () => {
  const sensor = new Sensor(20);
  expect(await sensor.follow({ target: 15, slope: () => 0.05 })).toBe("reached");
  expect(sensor.minutes).toBeGreaterThanOrEqual(100);
});

test("a set-point outside the camera's range is never programmed", async () => {
  const sensor = new Sensor(38);
  await sensor.follow({ target: 20, slope: () => 1 });
  expect(sensor.programmed[0]).toEqual([0, 30]);
});
