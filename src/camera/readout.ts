/** Slowest transfer worth waiting for, in bytes a millisecond: a USB2 host at 40 % bandwidth is four times faster. */
const SLOWEST_READOUT = 4_000;

/** How long the read-out of `bytes` may take after the exposure, in milliseconds. */
export function readoutAllowance(bytes: number): number {
  return 5_000 + bytes / SLOWEST_READOUT;
}
