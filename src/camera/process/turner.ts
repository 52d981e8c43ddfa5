import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { addressOf } from "../../posix/index.js";
import { TurnWork } from "./turn-work.js";

/** What the thread is asked to help with: bytes in the mapped memory of this process, and how far they are. */
export interface TurnOrder {
  readonly mapping: { readonly address: bigint; readonly bytes: number };
  /** Where the bytes to be turned begin in it. */
  readonly offset: number;
  readonly bytes: number;
  readonly shared: SharedArrayBuffer;
}

/** Pictures of fewer bytes are turned before another thread is awake. */
const WORTH_HELP = 16 * 1024 * 1024;

/**
 * Puts 16-bit samples into the order of FITS in place. Large pictures are turned by two threads: a client that gets
 * the picture's memory waits for that.
 */
export class Turner {
  /** One int32 that changes when the thread was sent an order. */
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  /** From the first large picture on. */
  #helper: Worker | undefined;

  /** Turns mapped memory, step by step: guide pulses are asked for in between. */
  async turn(pixels: Uint8Array): Promise<void> {
    const work = new TurnWork(pixels);
    const helper = pixels.length < WORTH_HELP ? undefined : this.#ask(pixels, work);
    while (work.turnPart()) await nextTurn();
    // Its message may be about an earlier picture, of which it found nothing left.
    while (helper !== undefined && !work.isDone) await once(helper, "message");
  }

  /** The thread, told of the work; while it is still starting it does none of it. */
  #ask(pixels: Uint8Array, { shared }: TurnWork): Worker | undefined {
    if (availableParallelism() === 1) return undefined;
    this.#helper ??= new Worker(new URL("./turn-thread.js", import.meta.url), {
      workerData: this.#bell,
    });
    this.#helper.unref();
    const all = new Uint8Array(pixels.buffer);
    const mapping = { address: addressOf(all), bytes: all.length };
    const { byteOffset: offset, length: bytes } = pixels;
    const order: TurnOrder = { mapping, offset, bytes, shared };
    this.#helper.postMessage(order);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
    return this.#helper;
  }
}
