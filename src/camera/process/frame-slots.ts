import { closeSync } from "node:fs";
import {
  createMemory,
  isHeldByReaders,
  mapMemory,
  openReadOnly,
  releaseMemory,
  unmapMemory,
} from "../../posix/index.js";
import { CameraFailure } from "../errors.js";

/** After this long without use a slot's memory goes back to the system, in milliseconds. */
const IDLE_BEFORE_RELEASE = 10_000;

/** Nobody tells when readers let go of a slot: while one is waited for, they are looked at so often, in milliseconds. */
const READERS_LOOK = 100;

/** Memory for one frame, mapped by the daemon and by the camera process. */
export interface FrameSlot {
  readonly index: number;
  readonly memory: Uint8Array;
  /**
   * Opens the memory for other programs to read, and to keep: the slot is not used again until they have let go.
   * Undefined while no other slot is left to be used instead. The descriptor is to be closed.
   */
  share(): number | undefined;
  /** Gives the slot back; its memory must not be touched afterwards. */
  release(): void;
}

interface Slot {
  readonly fd: number;
  readonly memory: Uint8Array;
  busy: boolean;
  /** It was shared, and readers may still hold it. */
  shared: boolean;
  idleTimer?: NodeJS.Timeout;
}

/**
 * The frame memory of one camera: a few slots, each as large as the largest frame.
 *
 * Pages exist only once they are written, and the lowest free slot is taken first, so a camera whose
 * frames leave before the next one arrives costs one frame of memory. Other programs that are given a
 * frame keep its slot from being used; at least one slot is kept from them.
 */
export class FrameSlots {
  readonly bytes: number;
  readonly #count: number;
  readonly #slots: readonly Slot[];
  /** Before Linux 5.3 nobody can tell when readers let go: then all seem to be held by some. */
  readonly #canShare: boolean;
  #waiting: (() => void)[] = [];
  #closing = false;

  /** Up to `count` slots are in use at a time. */
  constructor(count: number, bytes: number) {
    this.bytes = bytes;
    this.#count = count;
    // One to spare, for a frame that readers keep.
    this.#slots = Array.from({ length: count + 1 }, (_, index) => {
      const fd = createMemory(`indi-asid frame ${index}`, bytes);
      return { fd, memory: mapMemory(fd, bytes), busy: false, shared: false };
    });
    this.#canShare = !this.#slots.some(({ fd }) => isHeldByReaders(fd));
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
      const isFull = this.#slots.filter(({ busy }) => busy).length === this.#count;
      const index = isFull ? -1 : this.#slots.findIndex(isFree);
      const slot = this.#slots[index];
      if (slot !== undefined) return this.#take(slot, index);
      await this.#change(signal);
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
      share: () => {
        if (!this.#canShare || !this.#slots.some(isFree)) return undefined;
        slot.shared = true;
        return openReadOnly(slot.fd);
      },
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
    this.#releaseWhenIdle(slot);
    this.#wakeWaiting();
  }

  /** Settles when a slot may have become free. */
  async #change(signal: AbortSignal | undefined): Promise<void> {
    const isShared = this.#slots.some(({ shared }) => shared);
    let look: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      signal?.addEventListener("abort", () => resolve(), { once: true });
      if (isShared) look = setTimeout(resolve, READERS_LOOK);
    });
    clearTimeout(look);
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #releaseWhenIdle(slot: Slot): void {
    const release = () => {
      if (isFree(slot)) releaseMemory(slot.fd, 0, this.bytes);
      else this.#releaseWhenIdle(slot);
    };
    slot.idleTimer = setTimeout(release, IDLE_BEFORE_RELEASE).unref();
  }
}

/** Nobody uses the slot any more, here or elsewhere. */
function isFree(slot: Slot): boolean {
  if (slot.busy) return false;
  if (slot.shared) slot.shared = isHeldByReaders(slot.fd);
  return !slot.shared;
}

function discard(slot: Slot): void {
  clearTimeout(slot.idleTimer);
  unmapMemory(slot.memory);
  closeSync(slot.fd);
}
