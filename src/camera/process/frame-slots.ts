import { closeSync } from "node:fs";
import {
  createMemory,
  isHeldByReaders,
  mapMemory,
  openReadOnly,
  releaseMemory,
  unmapMemory,
} from "../../posix/index.js";
import { CameraFailure, MemoryFull } from "../errors.js";
import { MemoryBudget } from "../memory-budget.js";

/** After this long without use a slot's memory goes back to the system, in milliseconds. */
const IDLE_BEFORE_RELEASE = 10_000;

/** Nobody tells when readers let go of a slot: while one is waited for, they are looked at so often, in milliseconds. */
const READERS_LOOK = 100;

/** Memory for one frame, mapped by the daemon and by the camera process. */
export interface FrameSlot {
  readonly index: number;
  readonly memory: Uint8Array;
  readonly descriptor: number;
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
  /** Bytes of the budget that its pages may take. */
  taken: number;
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
  readonly #budget: MemoryBudget;
  #waiting: (() => void)[] = [];
  #closing = false;
  readonly #giveBack = () => {
    for (const slot of this.#slots) if (slot.taken > 0 && isFree(slot)) this.#empty(slot);
  };
  readonly #wake = () => this.#wakeWaiting();

  /** Up to `count` slots are in use at a time, as far as the budget allows. */
  constructor(count: number, bytes: number, budget = new MemoryBudget()) {
    this.bytes = bytes;
    this.#budget = budget.on("short", this.#giveBack).on("spare", this.#wake);
    this.#count = count;
    // One to spare, for a frame that readers keep.
    this.#slots = Array.from({ length: count + 1 }, (_, index) => {
      const fd = createMemory(`indi-asid frame ${index}`, bytes);
      return { fd, memory: mapMemory(fd, bytes), busy: false, shared: false, taken: 0 };
    });
    this.#canShare = !this.#slots.some(({ fd }) => isHeldByReaders(fd));
  }

  /** For the camera process to inherit. */
  get descriptors(): number[] {
    return this.#slots.map(({ fd }) => fd);
  }

  /**
   * Takes the lowest free slot for a frame of that many bytes, waiting for one, and for memory, if need be. Rejects
   * with MemoryFull where the frame can never be held, with CameraFailure once closed.
   */
  async acquire(signal?: AbortSignal, need = this.bytes): Promise<FrameSlot> {
    const { limit } = this.#budget;
    if (need > limit) {
      throw new MemoryFull(
        `A picture of ${megabytes(need)} does not fit into the ${megabytes(limit)} for pictures: choose a smaller frame, a larger binning or fewer bits, or start with a larger --max-memory.`,
      );
    }
    for (;;) {
      signal?.throwIfAborted();
      if (this.#closing) throw new CameraFailure("The camera is closed.");
      const isFull = this.#slots.filter(({ busy }) => busy).length === this.#count;
      const index = isFull ? -1 : this.#slots.findIndex(isFree);
      const slot = this.#slots[index];
      if (slot !== undefined && this.#secure(slot, need)) return this.#lend(slot, index);
      await this.#change(signal);
    }
  }

  /** Unmaps everything, each slot once it is free. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#budget.off("short", this.#giveBack).off("spare", this.#wake);
    for (const slot of this.#slots) if (!slot.busy) this.#discard(slot);
    this.#wakeWaiting();
  }

  /** Makes a slot busy if its frame finds memory. */
  #secure(slot: Slot, need: number): boolean {
    // Busy first: what it has already is not to be given back.
    slot.busy = true;
    const more = Math.max(0, need - slot.taken);
    if (this.#budget.take(more)) slot.taken += more;
    else slot.busy = false;
    return slot.busy;
  }

  #lend(slot: Slot, index: number): FrameSlot {
    clearTimeout(slot.idleTimer);
    let held = true;
    return {
      index,
      memory: slot.memory,
      descriptor: slot.fd,
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
      this.#discard(slot);
      return;
    }
    this.#releaseWhenIdle(slot);
    this.#budget.emit("spare");
  }

  /** Settles when a slot may have become free. */
  async #change(signal: AbortSignal | undefined): Promise<void> {
    const isShared = this.#slots.some(({ shared }) => shared);
    let look: NodeJS.Timeout | undefined;
    let wake = () => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(wake);
      signal?.addEventListener("abort", wake, { once: true });
      if (isShared) look = setTimeout(wake, READERS_LOOK);
    });
    clearTimeout(look);
    signal?.removeEventListener("abort", wake);
    this.#waiting = this.#waiting.filter((one) => one !== wake);
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #releaseWhenIdle(slot: Slot): void {
    const release = () => {
      if (isFree(slot)) this.#empty(slot);
      else this.#releaseWhenIdle(slot);
    };
    slot.idleTimer = setTimeout(release, IDLE_BEFORE_RELEASE).unref();
  }

  /** Gives a slot's pages back. */
  #empty(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    releaseMemory(slot.fd, 0, this.bytes);
    this.#giveUp(slot);
  }

  #discard(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    unmapMemory(slot.memory);
    closeSync(slot.fd);
    this.#giveUp(slot);
  }

  #giveUp(slot: Slot): void {
    const { taken } = slot;
    slot.taken = 0;
    this.#budget.give(taken);
  }
}

/** Nobody uses the slot any more, here or elsewhere. */
function isFree(slot: Slot): boolean {
  if (slot.busy) return false;
  if (slot.shared) slot.shared = isHeldByReaders(slot.fd);
  return !slot.shared;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
