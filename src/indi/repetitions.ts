import { quietTimer, type Timer } from "./timer.js";

/** So long a text is remembered, in milliseconds, ... */
const PERIOD = 60_000;
/** ... and so often it is told in that time before it is left out. */
const MOST = 10;

/** What became of a text in a period. */
interface Repetition {
  times: number;
  /** The latest of those left out, and what tells it. */
  latest: string;
  tell: (text: string) => void;
}

/**
 * Keeps texts that come again and again from drowning all others: what is too much is left out, and at the end of
 * each minute the latest is told with the number of those before it. Texts that differ in numbers only are the same.
 */
export class Repetitions {
  readonly #timer: Timer;
  readonly #known = new Map<string, Repetition>();

  constructor(timer: Timer = quietTimer) {
    this.#timer = timer;
  }

  /** Tells a text, or leaves it out. */
  pass(text: string, tell: (text: string) => void): void {
    const key = text.replace(/\d+(?:\.\d+)?/g, "#");
    const known = this.#known.get(key);
    if (known === undefined) this.#begin(key, { times: 1, latest: text, tell });
    else Object.assign(known, { times: known.times + 1, latest: text, tell });
    if ((known?.times ?? 1) <= MOST) tell(text);
  }

  #begin(key: string, repetition: Repetition): void {
    this.#known.set(key, repetition);
    this.#timer(PERIOD, () => this.#end(key, repetition));
  }

  #end(key: string, repetition: Repetition): void {
    this.#known.delete(key);
    const leftOut = repetition.times - MOST;
    if (leftOut <= 0) return;
    repetition.tell(`${repetition.latest} (${leftOut} such messages were left out in a minute.)`);
    // It goes on to be left out: a minute of silence is what ends that.
    this.#begin(key, { ...repetition, times: MOST });
  }
}
