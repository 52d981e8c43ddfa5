/** Lets every so many-th of a row of frames through. */
export class Divider {
  #count = 0;

  /** Says whether this frame is one to keep: the first, and every `divisor`-th after it. */
  keeps(divisor: number): boolean {
    if (this.#count >= divisor) this.#count = 0;
    return this.#count++ === 0;
  }
}

/**
 * What a limit makes up for, in milliseconds: after a program had to wait for its turn, frames come in quick succession
 * that the camera made at even distances.
 */
const CATCH_UP = 50;

/** Lets at most so many frames a second through, evenly spaced but for frames that were held up. */
export class RateLimit {
  #due = Number.NEGATIVE_INFINITY;

  /** Says whether the frame of this moment, in milliseconds, is let through. */
  admits(now: number, framesPerSecond: number): boolean {
    if (now < this.#due) return false;
    const interval = 1_000 / framesPerSecond;
    const isLate = now - this.#due < Math.max(interval, CATCH_UP);
    // From when it was due, not from when it came: else 15 frames a second limited to 10 would be 7.5.
    this.#due = (isLate ? this.#due : now - Math.max(0, CATCH_UP - interval)) + interval;
    return true;
  }
}
