/** Rests before the attempts to bring a failed camera process back, in milliseconds; one more than these is given up. */
const PAUSES: readonly number[] = [0, 1_000, 4_000];

/** A process that has had the camera for so long has shown that it can, in milliseconds. */
const STEADY = 30_000;

/** Counts the failures of camera processes in a row, so that one that fails again and again is given up. */
export class Restarts {
  readonly #now: () => number;
  #failures = 0;
  #hasSince = Number.POSITIVE_INFINITY;

  /** @param now tells the milliseconds of a clock that nobody sets */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many processes have failed in a row, or have not got as far as opening the camera. */
  get failures(): number {
    return this.#failures;
  }

  /** A process has opened the camera. */
  opened(): void {
    this.#hasSince = this.#now();
  }

  /** Earlier failures do not count any more. */
  forget(): void {
    this.#failures = 0;
  }

  /** A process has failed: tells the milliseconds to rest before the next, undefined where there shall be none. */
  failed(): number | undefined {
    if (this.#now() - this.#hasSince >= STEADY) this.#failures = 0;
    this.#hasSince = Number.POSITIVE_INFINITY;
    return PAUSES[this.#failures++];
  }
}
