import { EventEmitter } from "node:events";

interface MemoryBudgetEvents {
  /** Somebody needs memory that is not there: who holds some without need gives it back now. */
  short: [];
  /** Memory was given back, or would be if somebody were short of it. */
  spare: [];
}

/** The memory that the pictures and videos of all cameras may take, in bytes. */
export class MemoryBudget extends EventEmitter<MemoryBudgetEvents> {
  #taken = 0;

  constructor(readonly limit = Number.POSITIVE_INFINITY) {
    super();
    // Every camera listens.
    this.setMaxListeners(0);
  }

  /** What nobody has taken. */
  get free(): number {
    return this.limit - this.#taken;
  }

  /** Takes that much; says false where it is not there, even after others have given back what they could. */
  take(bytes: number): boolean {
    if (bytes > this.free) this.emit("short");
    if (bytes > this.free) return false;
    this.#taken += bytes;
    return true;
  }

  /**
   * Takes what is wanted or, where that is more, half of what is free, so that others find some; undefined where
   * that is less than `least`.
   */
  takeUpTo(wanted: number, least: number): number | undefined {
    if (wanted > this.free / 2) this.emit("short");
    const bytes = Math.max(least, Math.min(wanted, Math.floor(this.free / 2)));
    return this.take(bytes) ? bytes : undefined;
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    if (bytes === 0) return;
    this.#taken -= bytes;
    this.emit("spare");
  }
}
