import { Worker } from "node:worker_threads";
import { addressOf } from "../posix/index.js";
import type { Job } from "./jobs.js";

/** A job on its way to the thread, and the bytes it is about. */
export interface Order {
  readonly id: number;
  readonly job: Job;
  readonly address: bigint;
  readonly length: number;
}

/** What the thread answers. */
export type Answer =
  | { readonly id: number; readonly result: Uint8Array }
  | { readonly id: number; readonly error: string };

interface Pending {
  /** Held so that it stays where it is until the thread is done. */
  readonly bytes: Uint8Array;
  resolve(result: Uint8Array): void;
  reject(error: Error): void;
}

/** Compresses on a thread of its own, which exists from the first use on; one job at a time, in order. */
export class Compressor {
  readonly #pending = new Map<number, Pending>();
  #thread: Worker | undefined;
  #lastId = 0;

  /** Does a job with bytes that must not change until it is done; the result is nobody else's. */
  run(bytes: Uint8Array, job: Job): Promise<Uint8Array> {
    const id = ++this.#lastId;
    this.#thread ??= this.#start();
    const order: Order = { id, job, address: addressOf(bytes), length: bytes.length };
    this.#thread.postMessage(order);
    return new Promise((resolve, reject) => this.#pending.set(id, { bytes, resolve, reject }));
  }

  /** Ends the thread; what it has not done is rejected. */
  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(new URL("./thread.js", import.meta.url));
    thread.on("message", (answer: Answer) => this.#settle(answer));
    thread.on("error", (error) => this.#fail(error));
    thread.on("exit", () => this.#fail(new Error("The compressing thread has ended.")));
    return thread;
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ("error" in answer) pending?.reject(new Error(answer.error));
    else pending?.resolve(answer.result);
  }

  #fail(error: Error): void {
    this.#thread = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
