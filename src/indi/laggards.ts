import type { Timer } from "./timer.js";

/** Whoever is sent something, and may be sent no more. */
export interface Recipient {
  /** The milliseconds for which it has taken nothing of what is being sent to it; 0 if nothing is. */
  readonly stalledMs: number;
  /** It has taken something as long before, all of it. */
  readonly isProven: boolean;
  drop(reason: string): void;
}

/** A client that takes nothing for this long in milliseconds, while others wait for it, is closed: ... */
const STALLED_MS = 1_000;
/** ... one that is known to take pictures has longer, as a wireless network stalls for seconds, ... */
const PROVEN_STALLED_MS = 5_000;
/** ... and one that takes something may keep others waiting for this long. */
const PATIENCE_MS = 10_000;
/** How often in milliseconds they are looked at. */
const LOOK_MS = 200;

/**
 * Clients that are sent the same bytes. Once these are needed for something else, those that hold up faster ones are
 * closed; where all are slow none holds up another.
 */
export class Laggards<R extends Recipient> {
  readonly #timer: Timer;
  readonly #count: number;
  readonly #late: Set<R>;
  #stopTimer: (() => void) | undefined;
  #waited = 0;

  constructor(recipients: readonly R[], timer: Timer) {
    this.#timer = timer;
    this.#count = recipients.length;
    this.#late = new Set(recipients);
  }

  /** Notes that one has all of it, or has left. */
  done(recipient: R): void {
    this.#late.delete(recipient);
  }

  /** The bytes are needed. */
  recall(): void {
    const isHoldingUp = this.#late.size < this.#count;
    for (const recipient of this.#late) {
      const stalled = recipient.isProven ? PROVEN_STALLED_MS : STALLED_MS;
      const isSlow = recipient.stalledMs >= stalled || this.#waited >= PATIENCE_MS;
      if (isHoldingUp && isSlow) recipient.drop("it holds up faster clients");
    }
    if (isHoldingUp) this.#waited += LOOK_MS;
    this.#stopTimer = this.#timer(LOOK_MS, () => this.recall());
  }

  /** All is over. */
  end(): void {
    this.#stopTimer?.();
  }
}
