import { procedureIn, vectorMemory } from "./memory.js";
import { TURN_PROGRAM } from "./turn-program.js";

/** Turns little-endian unsigned values of 16 bits into those of a FITS file, in place. */
type Turn = (bytes: Uint8Array) => void;

/** Bytes turned at a time by vector instructions: they stay in the cache on their way in and out. */
const SLICE = 48 * 1024;

let fastest: Turn | undefined;

/**
 * Turns little-endian unsigned values of 16 bits into those of a FITS file, in place.
 *
 * A value changes its byte order and is stored less 32768, which turns its highest bit over.
 */
export function toFitsOrder16(bytes: Uint8Array): void {
  fastest ??= vectorTurn() ?? scalarTurn;
  fastest(bytes);
}

/** Values of 16 bits among other bytes, which are turned as toFitsOrder16() does on their way. */
export class TurnedValues {
  /** They lie from `from` up to `to`, both even. */
  constructor(
    readonly from: number,
    readonly to: number,
  ) {}

  /** Whether they are all there is in so many bytes from `at` on. */
  covers(at: number, length: number): boolean {
    return at >= this.from && at + length <= this.to;
  }

  /** Turns what a copy of the bytes from `at` on has of them. */
  apply(copy: Uint8Array, at: number): void {
    const first = Math.max(0, this.from - at);
    const end = this.to - at;
    if (first < end) toFitsOrder16(copy.subarray(first, end));
  }
}

/** The way without vector instructions. */
export function scalarTurn(bytes: Uint8Array): void {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const low = bytes[at] ?? 0;
    bytes[at] = (bytes[at + 1] ?? 0) ^ 0x80;
    bytes[at + 1] = low;
  }
}

/**
 * The way with vector instructions: slices are copied into their memory, turned there and copied back. Undefined
 * where the processor or the system does not allow it.
 */
export function vectorTurn(): Turn | undefined {
  const memory = vectorMemory(SLICE, TURN_PROGRAM);
  if (memory === undefined) return undefined;
  const scratch = new Uint8Array(memory.buffer);
  const turn = procedureIn(memory, TURN_PROGRAM, "turn");
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      scratch.set(slice);
      turn(0, slice.length);
      slice.set(scratch.subarray(0, slice.length));
    }
  };
}
