/*
 * The Rice code of FITS 4.0, section 10.4.1: the differences of neighbouring values, in blocks that share the number
 * of bits written as they are (`split`); what is above those bits is counted in zeros.
 */

/** Values of a block. */
export const RICE_BLOCK = 32;

/** What depends on the size of the values (FITS 4.0, table 36). */
const CODES = {
  8: { splitBits: 3, mostSplit: 6 },
  16: { splitBits: 4, mostSplit: 14 },
} as const;

/** The most bytes that so many values can take: a block is never longer than its values, its split and one bit. */
export function riceBound(values: number, bits: 8 | 16): number {
  const blocks = Math.ceil(values / RICE_BLOCK);
  return Math.ceil((bits + values * bits + blocks * (CODES[bits].splitBits + 1)) / 8);
}

/**
 * Encodes values that stand in `source` as in a FITS file, 16 bits with the higher byte first.
 *
 * Writes to `target` from `at` on, at most riceBound bytes, and returns where it ended.
 */
export function riceEncode(
  source: Uint8Array,
  bits: 8 | 16,
  target: Uint8Array,
  at: number,
): number {
  const { splitBits, mostSplit } = CODES[bits];
  const step = bits / 8;
  const sign = 32 - bits;
  const mask = 2 ** bits - 1;
  const block = new Uint16Array(RICE_BLOCK);
  let end = at;
  /** Bits not yet written, the oldest highest; fewer than 8 between two calls. */
  let waiting = 0;
  let count = 0;

  function put(value: number, width: number): void {
    waiting = (waiting << width) | value;
    count += width;
    while (count >= 8) {
      count -= 8;
      target[end++] = waiting >>> count;
    }
  }

  let last = valueAt(source, 0, step);
  put(last, bits);
  for (let from = 0; from < source.length; from += RICE_BLOCK * step) {
    const size = Math.min(RICE_BLOCK, (source.length - from) / step);
    let sum = 0;
    for (let i = 0, byte = from; i < size; i++, byte += step) {
      const value = valueAt(source, byte, step);
      // Differences wrap around; then 0, -1, 1, -2 ... become 0, 1, 2, 3 ...
      const difference = ((value - last) << sign) >> sign;
      const positive = ((difference << 1) ^ (difference >> 31)) & mask;
      block[i] = positive;
      sum += positive;
      last = value;
    }
    const split = bestSplit(sum, size);
    if (sum === 0) {
      put(0, splitBits);
    } else if (split >= mostSplit) {
      put(mostSplit + 1, splitBits);
      for (let i = 0; i < size; i++) put(block[i] ?? 0, bits);
    } else {
      put(split + 1, splitBits);
      const low = (1 << split) - 1;
      for (let i = 0; i < size; i++) {
        const value = block[i] ?? 0;
        let zeros = value >>> split;
        for (; zeros > 8; zeros -= 8) put(0, 8);
        put(0, zeros);
        put((1 << split) | (value & low), split + 1);
      }
    }
  }
  if (count > 0) put(0, 8 - count);
  return end;
}

function valueAt(source: Uint8Array, byte: number, step: number): number {
  const first = source[byte] ?? 0;
  return step === 1 ? first : (first << 8) | (source[byte + 1] ?? 0);
}

/** The split that suits the mean of a block. */
function bestSplit(sum: number, size: number): number {
  const mean = Math.max(0, (sum - (size >> 1) - 1) / size);
  let split = 0;
  for (let rest = Math.trunc(mean) >> 1; rest > 0; rest >>= 1) split++;
  return split;
}
