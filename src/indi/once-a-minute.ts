const MINUTE_MS = 60_000;

/** Lines a minute: beyond it whoever changes its address with every attempt would fill the log. */
const MOST_LINES = 100;

/** Lets each line through once a minute, and only so many different ones. */
export class OnceAMinute {
  readonly #tell: (line: string) => void;
  readonly #now: () => number;
  /** When each was told; the oldest stand first. */
  readonly #told = new Map<string, number>();

  constructor(tell: (line: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Tells a line, if it was not told within the last minute. */
  tell(line: string): void {
    const now = this.#now();
    for (const [told, at] of this.#told) {
      if (now - at < MINUTE_MS) break;
      this.#told.delete(told);
    }
    if (this.#told.has(line) || this.#told.size >= MOST_LINES) return;
    this.#told.set(line, now);
    this.#tell(line);
  }
}
