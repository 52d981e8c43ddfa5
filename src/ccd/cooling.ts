import { CameraFailure } from "../camera/errors.js";
import type { Reading } from "./thermometer.js";

/** How the way to a temperature is gone. */
export interface Course {
  readonly target: number;
  /** What the set-point may be, in whole degrees. */
  readonly range: { readonly min: number; readonly max: number };
  /** Degrees a minute, 0 for at once; asked for at every step. */
  slope(): number;
  /** The target is reached this close to it. */
  threshold(): number;
  /** Where the temperature goes no further. */
  readonly standstill: Standstill;
}

/** A temperature that moves less than so many degrees in so many milliseconds will not move any further. */
export interface Standstill {
  readonly degrees: number;
  readonly milliseconds: number;
}

/** What is needed on the way. */
export interface CoolingTools {
  /** The reading of now. */
  latest(): Reading;
  /** Settles with the next reading. */
  next(signal: AbortSignal): Promise<void>;
  /** Programs the camera's set-point, in whole degrees. */
  set(degrees: number): Promise<void>;
}

/** A sensor this many degrees behind the set-point no longer follows it. */
const LAG = 1.5;

/**
 * Leads the sensor to a temperature, the set-point moving no faster than the slope, up or down.
 *
 * Settles with "reached", or with "ambient" where it stays colder than wanted: it is no warmer around the camera.
 * Throws CameraFailure where it stays warmer.
 */
export async function approach(
  course: Course,
  tools: CoolingTools,
  signal: AbortSignal,
): Promise<"reached" | "ambient"> {
  const { target, range, standstill } = course;
  let reading = tools.latest();
  let landmark = reading;
  let wanted = reading.celsius;
  let programmed: number | undefined;
  for (;;) {
    const minutes = (tools.latest().at - reading.at) / 60_000;
    reading = tools.latest();
    wanted = step(wanted, target, course.slope(), minutes);
    const setPoint = Math.min(range.max, Math.max(range.min, Math.round(wanted)));
    if (setPoint !== programmed) await tools.set(setPoint);
    programmed = setPoint;
    const isOnTheWay = wanted !== target;
    if (!isOnTheWay && Math.abs(reading.celsius - target) <= course.threshold()) return "reached";

    const follows = isOnTheWay && Math.abs(reading.celsius - setPoint) <= LAG;
    const moves = Math.abs(reading.celsius - landmark.celsius) > standstill.degrees;
    if (follows || moves) landmark = reading;
    if (reading.at - landmark.at >= standstill.milliseconds) {
      if (target > reading.celsius) return "ambient";
      const where = `The temperature stays at ${reading.celsius.toFixed(1)} C`;
      throw new CameraFailure(`${where} although the cooler works at ${reading.power} %.`);
    }
    await tools.next(signal);
  }
}

/** Where the set-point is after so many minutes. */
function step(from: number, target: number, slope: number, minutes: number): number {
  const way = target - from;
  const most = slope === 0 ? Number.POSITIVE_INFINITY : slope * minutes;
  return Math.abs(way) <= most ? target : from + Math.sign(way) * most;
}
