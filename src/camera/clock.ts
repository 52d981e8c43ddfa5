import { setTimeout as delay } from "node:timers/promises";

/** Time as the camera code sees it, so that tests can own it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** The time of day, in milliseconds since 1970 with fractions. */
  timeOfDay(): number;
  /** Settles after `milliseconds`; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  // Not timeOrigin + now(): that one does not follow corrections of the system clock.
  timeOfDay: () => Date.now() + ((performance.now() + performance.timeOrigin) % 1),
  async sleep(milliseconds, signal) {
    try {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
