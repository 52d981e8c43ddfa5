import type { Message } from "./messages.js";
import type { Timer } from "./timer.js";

/** What a peer may ask for and how an inbox learns the time. */
export interface InboxOptions {
  /** The requests a second that a peer may make for ever. */
  readonly rate: number;
  readonly timer: Timer;
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
  handle(message: Message): void;
  /** Whether the peer should take first what it was sent before. */
  isBehind(): boolean;
  /** Stops the peer from sending more, by and by, and lets it again. */
  pause(): void;
  resume(): void;
}

/** Seconds' worth of requests that may come at once: clients ask much when they begin. */
const BURST_S = 2;

/** Requests handled before other peers have their turn. */
const TURN = 50;

/** A request for all definitions is the work of this many others. */
const ALL_DEFINITIONS = 10;

/** Bytes that are the work of a request, whatever they say. */
const BYTES = 8 * 1024;

/** How long in milliseconds an inbox waits for a peer that is behind before it looks again. */
const LOOK_AGAIN_MS = 50;

/**
 * What one peer has asked for, handled in order and no faster than is fair to the others. What exceeds that waits, at
 * first here, and with the peer as soon as it is paused: of what is here there is never more than one read brought.
 */
export class Inbox {
  readonly #options: InboxOptions;
  #waiting: Message[] = [];
  #credit: number;
  #counted: number;
  #stopTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#credit = options.rate * BURST_S;
    this.#counted = options.now();
  }

  /** Whether something is left to be handled, or the peer has to wait before its next request. */
  get isBusy(): boolean {
    return this.#stopTimer !== undefined;
  }

  /** Adds a message, to be handled by the next `proceed()` at the earliest. */
  add(message: Message): void {
    this.#waiting.push(message);
  }

  /** Handles what there is, after so many bytes were read. */
  proceed(bytes = 0): void {
    this.#credit -= bytes / BYTES;
    if (this.#stopTimer || this.#isClosed) return;
    this.#earn();
    const handled = this.#takeTurn();
    if (this.#waiting.length === 0 && this.#credit > 0) return;
    const isTurnOver = handled >= TURN && this.#credit > 0;
    this.#wait(isTurnOver ? 0 : this.#msUntilCredit());
  }

  /** Drops all that waits; nothing is handled any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#stopTimer?.();
  }

  /** Handles some of what waits; gives how much work that was. */
  #takeTurn(): number {
    const { handle, isBehind } = this.#options;
    let work = 0;
    let count = 0;
    for (const message of this.#waiting) {
      if (this.#isClosed || work >= TURN || this.#credit <= 0 || isBehind()) break;
      const cost = workOf(message);
      this.#credit -= cost;
      work += cost;
      count++;
      handle(message);
    }
    this.#waiting.splice(0, count);
    return work;
  }

  #earn(): void {
    const { rate, now } = this.#options;
    const time = now();
    const earned = ((time - this.#counted) / 1000) * rate;
    this.#credit = Math.min(rate * BURST_S, this.#credit + earned);
    this.#counted = time;
  }

  #msUntilCredit(): number {
    const missing = 1 - this.#credit;
    return missing > 0 ? (missing / this.#options.rate) * 1000 : LOOK_AGAIN_MS;
  }

  #wait(milliseconds: number): void {
    const { timer, pause, resume } = this.#options;
    pause();
    this.#stopTimer = timer(milliseconds, () => {
      this.#stopTimer = undefined;
      this.proceed();
      if (!this.#stopTimer && !this.#isClosed) resume();
    });
  }
}

function workOf(message: Message): number {
  return message.tag === "getProperties" && message.name === undefined ? ALL_DEFINITIONS : 1;
}
