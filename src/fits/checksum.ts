/** The 32-bit ones' complement sum of big-endian words (FITS 4.0, appendix J); `bytes` holds whole words. */
export function onesComplementSum(bytes: Uint8Array, start = 0): number {
  let high = start >>> 16;
  let low = start & 0xffff;
  for (let i = 0; i < bytes.length; i += 4) {
    high += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
    low += ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0);
  }
  // A sum of 2 GiB fits in a double exactly: carries may wait until the end.
  while (high > 0xffff || low > 0xffff) {
    const carryHigh = Math.floor(high / 0x10000);
    const carryLow = Math.floor(low / 0x10000);
    high = (high % 0x10000) + carryLow;
    low = (low % 0x10000) + carryHigh;
  }
  return high * 0x10000 + low;
}

/** The punctuation between digits and letters, which the text of a checksum avoids. */
const isPunctuation = (code: number) => (code > 57 && code < 65) || (code > 90 && code < 97);

/** The value of CHECKSUM that makes the sum of a whole HDU, now `sum`, all ones (FITS 4.0, appendix J). */
export function checksumText(sum: number): string {
  const complement = ~sum >>> 0;
  const text = new Array<number>(16).fill(0);
  for (let byte = 0; byte < 4; byte++) {
    const value = (complement >>> (24 - 8 * byte)) & 0xff;
    const quarter = (value >>> 2) + 48;
    const codes = [quarter + (value % 4), quarter, quarter, quarter];
    // Taking from one of a pair what the other gets keeps the sum.
    for (let pair = 0; pair < 4; pair += 2) {
      let [a = 0, b = 0] = codes.slice(pair, pair + 2);
      while (isPunctuation(a) || isPunctuation(b)) {
        a++;
        b--;
      }
      codes[pair] = a;
      codes[pair + 1] = b;
    }
    for (let i = 0; i < 4; i++) text[4 * i + byte] = codes[i] ?? 0;
  }
  // The text begins in the last byte of a word.
  return String.fromCharCode(...text.slice(-1), ...text.slice(0, -1));
}
