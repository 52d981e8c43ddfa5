import { toFitsOrder16 } from "../../simd/index.js";

/** Bytes turned at a time: half a millisecond. */
const PART = 4 * 1024 * 1024;

/** Where the shared state has the number of the next part, and that of the parts that are done. */
const [NEXT, DONE] = [0, 1];

/** 16-bit samples that are put into the order of FITS in place, by any number of threads. */
export class TurnWork {
  /** Has the work known to another thread, which makes its own of it with the same bytes. */
  readonly shared: SharedArrayBuffer;
  readonly #pixels: Uint8Array;
  readonly #state: Int32Array;
  readonly #count: number;

  constructor(pixels: Uint8Array, shared = new SharedArrayBuffer(8)) {
    this.shared = shared;
    this.#pixels = pixels;
    this.#state = new Int32Array(shared);
    this.#count = Math.ceil(pixels.length / PART);
  }

  get isDone(): boolean {
    return Atomics.load(this.#state, DONE) === this.#count;
  }

  /** Turns a part that nobody else has begun; false where there is none. */
  turnPart(): boolean {
    const part = Atomics.add(this.#state, NEXT, 1);
    if (part >= this.#count) return false;
    toFitsOrder16(this.#pixels.subarray(part * PART, (part + 1) * PART));
    Atomics.add(this.#state, DONE, 1);
    return true;
  }
}
