import { plainTextMemory, type TextMemory } from "./text-memory.js";
import { quietTimer, type Timer } from "./timer.js";

/** Memory kept from one BLOB to the next: what a single client needs, for the piece it is sent and the next one. */
const POOLED = 2;

/** After this long in milliseconds without use all other memory is given back. */
const IDLE = 10_000;

/** Memory for one piece of a BLOB's text each, used again and again. */
export class PiecePool {
  readonly #free: TextMemory[] = [];
  readonly #allocate: (size: number) => TextMemory;
  readonly #timer: Timer;
  #stopTimer: (() => void) | undefined;

  constructor(allocate: (size: number) => TextMemory = plainTextMemory, timer: Timer = quietTimer) {
    this.#allocate = allocate;
    this.#timer = timer;
  }

  /** Memory for `size` characters, which are the same every time. */
  take(size: number): TextMemory {
    return this.#free.pop() ?? this.#allocate(size);
  }

  give(memory: TextMemory): void {
    this.#free.push(memory);
    if (this.#free.length <= POOLED) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#timer(IDLE, () => this.#free.splice(POOLED));
  }
}
