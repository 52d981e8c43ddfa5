import type { FitsKeyword } from "./header.js";

/** The shape of an image: unsigned values, rows from the top, planes one after the other. */
export interface FitsImage {
  readonly width: number;
  readonly height: number;
  /** 3 for red, green and blue. */
  readonly planes: 1 | 3;
  readonly bits: 8 | 16;
}

/** FITS has no unsigned integers of 16 bits; they are stored less this (FITS 4.0, table 11). */
export const UNSIGNED_16 = 32768;

/** The keywords that describe an image, in the order that FITS demands. */
export function imageKeywords({ width, height, planes, bits }: FitsImage): readonly FitsKeyword[] {
  const axes = planes === 1 ? [width, height] : [width, height, planes];
  const unsigned: readonly FitsKeyword[] = [
    { keyword: "BZERO", value: UNSIGNED_16, comment: "offset of unsigned 16-bit values" },
    { keyword: "BSCALE", value: 1, comment: "values are not scaled" },
  ];
  return [
    { keyword: "SIMPLE", value: true, comment: "conforms to the FITS standard" },
    { keyword: "BITPIX", value: bits, comment: "bits per value" },
    { keyword: "NAXIS", value: axes.length, comment: "number of axes" },
    ...axes.map((length, index) => ({
      keyword: `NAXIS${index + 1}`,
      value: length,
      comment: `length of axis ${index + 1}`,
    })),
    { keyword: "EXTEND", value: true, comment: "extensions may follow" },
    ...(bits === 16 ? unsigned : []),
  ];
}

/** Bytes of an image's values. */
export function dataBytes({ width, height, planes, bits }: FitsImage): number {
  return width * height * planes * (bits / 8);
}

/** Sorts interleaved B, G, R bytes into a plane each of R, G and B; both arrays are as long. */
export function planesFromBgr(source: Uint8Array, target: Uint8Array): void {
  const size = source.length / 3;
  const red = target.subarray(0, size);
  const green = target.subarray(size, 2 * size);
  const blue = target.subarray(2 * size, 3 * size);
  for (let i = 0, at = 0; i < size; i++, at += 3) {
    blue[i] = source[at] ?? 0;
    green[i] = source[at + 1] ?? 0;
    red[i] = source[at + 2] ?? 0;
  }
}
