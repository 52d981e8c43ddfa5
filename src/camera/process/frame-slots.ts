import { closeSync } from "node:fs";
import { createMemory, mapMemory, releaseMemory, unmapMemory } from "../../posix/index.js";
import { CameraFailure } from "../errors.js";

/** After this long without use a slot's memory goes back to the system, in milliseconds. */
const IDLE_BEFORE_RELEASE = 10_000;

/** Memory for one frame, mapped by the daemon and by the camera process. */
export interface FrameSlot {
  readonly index: number;
  readonly memory: Uint8Array;
  /** Gives the slot back; its memory must not be touched afterwards. */
  release(): void;
}

interface Slot {
  readonly fd: number;
  readonly memory: Uint8Array;
  busy: boolean;
  idleTimer?: NodeJS.Timeout;
}

/**
 * The frame memory of one camera: a few slots, each as large as the largest frame.
 *
 * Pages exist only once they are written, and the lowest free slot is taken first, so a camera whose
 * frames leave before the next one arrives costs one frame of memory.
 */
export class FrameSlots {
  readonly bytes: number;
  readonly #slots: readonly Slot[];
  #waiting: (() => void)[] = [];
  #closing = false;

  constructor(count: number, bytes: number) {
    this.bytes = bytes;
    this.#slots = Array.from({ length: count }, (_, index) => {
      const fd = createMemory(`indi-asid frame ${index}`, bytes);
      return { fd, memory: mapMemory(fd, bytes), busy: false };
    });
  }

  /** For the camera process to inherit. */
  get descriptors(): number[] {
    return this.#slots.map(({ fd }) => fd);
  }

  /** Takes the lowest free slot, waiting for one if need be; rejects with CameraFailure once closed. */
  async acquire(signal?: AbortSignal): Promise<FrameSlot> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#closing) throw new CameraFailure("The camera is closed.");
      const index = this.#slots.findIndex(({ busy }) => !busy);
      const slot = this.#slots[index];
      if (slot !== undefined) return this.#take(slot, index);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Unmaps everything, each slot once it is free. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const slot of this.#slots) if (!slot.busy) discard(slot);
    this.#wakeWaiting();
  }

  #take(slot: Slot, index: number): FrameSlot {
    clearTimeout(slot.idleTimer);
    slot.busy = true;
    let held = true;
    return {
      index,
      memory: slot.memory,
      release: () => {
        if (!held) return;
        held = false;
        this.#free(slot);
      },
    };
  }

  #free(slot: Slot): void {
    slot.busy = false;
    if (this.#closing) {
      discard(slot);
      return;
    }
    slot.idleTimer = setTimeout(
      () => releaseMemory(slot.fd, 0, this.bytes),
      IDLE_BEFORE_RELEASE,
    ).unref();
    this.#wakeWaiting();
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

function discard(slot: Slot): void {
  clearTimeout(slot.idleTimer);
  unmapMemory(slot.memory);
  closeSync(slot.fd);
}
