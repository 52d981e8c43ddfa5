/** What is done to bytes on their way. */
export interface Alteration {
  /** Changes a copy of the bytes from `at` on. */
  apply(copy: Uint8Array, at: number): void;
}

/** Memory for a part of a BLOB's text, with the way to write it there. */
export interface TextMemory {
  readonly text: Buffer;
  /**
   * Writes the base64 of the bytes from `from` up to `to` at `at`, and answers where it ends. Only at the end of a
   * BLOB may their number be one that three does not divide.
   */
  encode(bytes: Uint8Array, from: number, to: number, at: number, alteration?: Alteration): number;
}

/** Bytes encoded at a time: they and their text stay in the cache. */
const SLICE = 48 * 1024;

/** Memory that is written to as Node itself can. */
export function plainTextMemory(size: number): TextMemory {
  const text = Buffer.allocUnsafeSlow(size);
  const scratch = Buffer.allocUnsafeSlow(SLICE);
  return {
    text,
    encode(bytes, from, to, at, alteration) {
      let end = at;
      for (let start = from; start < to; start += SLICE) {
        const length = Math.min(SLICE, to - start);
        scratch.set(bytes.subarray(start, start + length));
        alteration?.apply(scratch.subarray(0, length), start);
        end += text.write(scratch.toString("base64", 0, length), end, "latin1");
      }
      return end;
    },
  };
}
