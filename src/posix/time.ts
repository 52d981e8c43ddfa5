import { libcCall } from "./libc.js";

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
