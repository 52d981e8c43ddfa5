import { setTimeout as delay } from "node:timers/promises";
import { libcCall, sleepBeside } from "./libc.js";

const CLOCK_REALTIME = 0;

/**
 * The time of day in milliseconds since 1970, exact to the microsecond (clock_gettime(2)).
 *
 * Node's own Date knows whole milliseconds only.
 */
export function timeOfDay(): number {
  // A timespec is two longs: seconds and nanoseconds.
  const time = [0, 0];
  libcCall("clock_gettime", CLOCK_REALTIME, time);
  const [seconds = 0, nanoseconds = 0] = time;
  return seconds * 1000 + nanoseconds / 1e6;
}

/** The last stretch that a timer of Node, which knows whole milliseconds only, must not be trusted with. */
const STRETCH = 2;

/** Settles after so many milliseconds, exact to some 100 microseconds; rejects with the signal's reason when aborted. */
export async function exactSleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + milliseconds;
  try {
    if (milliseconds > STRETCH) await delay(milliseconds - STRETCH, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  const left = end - performance.now();
  if (left > 0) await sleepBeside(Math.round(left * 1000));
  signal?.throwIfAborted();
}
