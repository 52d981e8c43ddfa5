import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CameraFailure } from "../errors.js";
import type { Direction } from "../guide-port.js";
import { type ErrorMessage, unpackError } from "./messages.js";

/** What the guide thread is started with. */
export interface GuideThreadData {
  readonly libraryPath: string;
  readonly cameraId: number;
  /** One int32 that changes when a command was posted. */
  readonly doorbell: SharedArrayBuffer;
}

/** What the guide thread can be told. */
export type GuideCommand =
  | {
      readonly kind: "pulse";
      readonly id: number;
      readonly direction: Direction;
      readonly milliseconds: number;
    }
  | { readonly kind: "release"; readonly id: number }
  | { readonly kind: "close" };

/** How a pulse ended: how long the relay was closed, or why it could not be; or a call of the library. */
export type GuideAnswer =
  | { readonly id: number; readonly milliseconds: number }
  | { readonly id: number; readonly error: ErrorMessage }
  | { readonly call: string };

interface PendingPulse {
  resolve(milliseconds: number): void;
  reject(error: Error): void;
}

/** Guide pulses of one camera, timed on a thread of their own. */
export class GuideTimer {
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  readonly #data: GuideThreadData;
  /** From the first pulse on: most cameras guide nothing, and a thread takes 10 MB. */
  #thread: Worker | undefined;
  readonly #pending = new Map<number, PendingPulse>();
  readonly #onCall: (line: string) => void;
  #lastId = 0;

  /** `onCall` hears of each call of the vendor library, where they are traced. */
  constructor(libraryPath: string, cameraId: number, onCall: (line: string) => void) {
    this.#onCall = onCall;
    this.#data = { libraryPath, cameraId, doorbell: this.#bell.buffer };
  }

  /**
   * Closes the relay of `direction` for that long; settles with the milliseconds it really was.
   * When `signal` aborts, the relay opens at once. Rejects with a CameraFailure where there is no thread to time it.
   */
  pulse(direction: Direction, milliseconds: number, signal: AbortSignal): Promise<number> {
    const id = ++this.#lastId;
    return new Promise<number>((resolve, reject) => {
      this.#thread ??= this.#start();
      const release = () => this.#post({ kind: "release", id });
      signal.addEventListener("abort", release, { once: true });
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          signal.removeEventListener("abort", release);
          settle(value);
        };
      };
      this.#pending.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.#post({ kind: "pulse", id, direction, milliseconds });
    });
  }

  /** Opens all relays that a pulse of ours closed and ends the thread. */
  async close(): Promise<void> {
    if (this.#thread === undefined) return;
    const ended = once(this.#thread, "exit");
    this.#post({ kind: "close" });
    await ended;
  }

  #start(): Worker {
    const url = new URL("./guide-thread.js", import.meta.url);
    const thread = startWorker(url, this.#data);
    const over = (reason: string) => {
      if (this.#thread !== thread) return;
      // The next pulse starts another one.
      this.#thread = undefined;
      this.#fail(reason);
    };
    thread.on("message", (answer: GuideAnswer) => this.#receive(answer));
    thread.on("error", (error) => over(`The guide thread failed: ${error.message}`));
    thread.on("exit", () => over("The guide thread has ended."));
    return thread;
  }

  #post(command: GuideCommand): void {
    this.#thread?.postMessage(command);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  #receive(answer: GuideAnswer): void {
    if ("call" in answer) {
      this.#onCall(answer.call);
      return;
    }
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ("error" in answer) pending?.reject(unpackError(answer.error));
    else pending?.resolve(answer.milliseconds);
  }

  #fail(reason: string): void {
    for (const { reject } of this.#pending.values()) reject(new CameraFailure(reason));
    this.#pending.clear();
  }
}

/** A thread; a CameraFailure where the system does not start another one. */
function startWorker(url: URL, workerData: GuideThreadData): Worker {
  try {
    return new Worker(url, { workerData });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CameraFailure(
      `The guide thread cannot be started (${reason}): raise the limit on threads (ulimit -u, TasksMax) or free memory.`,
      { cause: error },
    );
  }
}
