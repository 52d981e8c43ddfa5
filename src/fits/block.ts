/** Bytes of a FITS block; header and data each fill a whole number of them. */
export const BLOCK_BYTES = 2880;

/** Rounds a number of bytes up to whole blocks. */
export function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
