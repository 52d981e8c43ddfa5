/** Who may hold a cell of the ring; each is a bit of the cell's state. */
const HOLDERS = { camera: 1, recorder: 2, preview: 4, daemon: 8 } as const;

/** One who may hold a cell of the ring. */
export type Holder = keyof typeof HOLDERS;

const PAGE = 4_096;
const STATE_BYTES = 4;

/** Fewest cells that let frames flow: one being filled, one with the recorder, previews on their way. */
const FEWEST_CELLS = 6;

const MOST_CELLS = 4_096;

/** Beyond this a mapping may not find room among a process's addresses. */
const MOST_BYTES = 2 ** 31 - PAGE;

/** How the memory of a ring is divided. */
export interface RingLayout {
  readonly cells: number;
  /** A multiple of the page, so that samples of 16 bits are aligned. */
  readonly cellBytes: number;
}

/** As many cells for frames of that size as `bytes` hold, within reason. */
export function ringLayout(frameBytes: number, bytes: number): RingLayout {
  // A page more than the frame: an encoder's headers must not be what does not fit.
  const cellBytes = wholePages(frameBytes) + PAGE;
  const wanted = Math.min(Math.max(Math.floor(bytes / cellBytes), FEWEST_CELLS), MOST_CELLS);
  const most = Math.floor((MOST_BYTES - MOST_CELLS * STATE_BYTES) / cellBytes);
  return { cells: Math.min(wanted, most), cellBytes };
}

/** The memory a ring needs. */
export function ringBytes({ cells, cellBytes }: RingLayout): number {
  return wholePages(cells * STATE_BYTES) + cells * cellBytes;
}

/** The least memory in which frames of that size flow. */
export function leastRingBytes(frameBytes: number): number {
  return ringBytes(ringLayout(frameBytes, 0));
}

/**
 * Memory for live frames that two processes share: the state of each cell, then the cells.
 *
 * A cell is free when nobody holds it. The camera process alone takes free cells, the lowest first, so that
 * only as much memory is touched as there are frames under way; everybody lets go by himself.
 */
export class FrameRing {
  readonly cells: number;
  readonly #states: Int32Array;
  readonly #memory: Uint8Array;
  /** Where the first cell begins. */
  readonly #start: number;
  readonly #cellBytes: number;

  /** @param memory ringBytes of it, all zeros when the first ring is laid over it */
  constructor(memory: Uint8Array, { cells, cellBytes }: RingLayout) {
    this.cells = cells;
    this.#cellBytes = cellBytes;
    this.#states = new Int32Array(memory.buffer, memory.byteOffset, cells);
    this.#memory = memory;
    this.#start = wholePages(cells * STATE_BYTES);
  }

  /** Takes the lowest free cell for `holder`; undefined where there is none. */
  take(holder: Holder): number | undefined {
    for (let cell = 0; cell < this.cells; cell++) {
      if (Atomics.load(this.#states, cell) !== 0) continue;
      this.hold(cell, holder);
      return cell;
    }
    return undefined;
  }

  /** Adds a holder to a cell that has one. */
  hold(cell: number, holder: Holder): void {
    Atomics.or(this.#states, cell, HOLDERS[holder]);
  }

  /** Lets go of a cell, whose memory that holder must not touch any more. */
  letGo(cell: number, holder: Holder): void {
    Atomics.and(this.#states, cell, ~HOLDERS[holder]);
  }

  isHeld(cell: number, holder: Holder): boolean {
    return (Atomics.load(this.#states, cell) & HOLDERS[holder]) !== 0;
  }

  /** The stretches of the memory, each from its first byte up to its last, of cells that `holder` does not hold. */
  *stretchesWithout(holder: Holder): Generator<readonly [from: number, to: number]> {
    let first = 0;
    for (let cell = 0; cell <= this.cells; cell++) {
      if (cell < this.cells && !this.isHeld(cell, holder)) continue;
      if (cell > first) yield [this.#offset(first), this.#offset(cell)];
      first = cell + 1;
    }
  }

  /** The memory of a cell. */
  memory(cell: number): Uint8Array {
    const start = this.#offset(cell);
    return this.#memory.subarray(start, start + this.#cellBytes);
  }

  #offset(cell: number): number {
    return this.#start + cell * this.#cellBytes;
  }
}

function wholePages(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}
