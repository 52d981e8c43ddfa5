import { deflateSync } from "node:zlib";
import { compressFits } from "../fits/index.js";

/** What the compressing thread can be told to do with bytes. */
export type Job =
  /** Make a compressed FITS file of a FITS file. */
  | { readonly kind: "fits" }
  /**
   * Make a zlib stream, behind `headRoom` free bytes. With an `itemSize` the first bytes of all items come first, then
   * the second ones and so on, which compresses better.
   */
  | { readonly kind: "zlib"; readonly itemSize: number; readonly headRoom: number };

/** More effort makes noise hardly any smaller and takes several times as long. */
const LEVEL = 1;

/** Does a job; the result lies in memory of its own. */
export function compress(bytes: Uint8Array, job: Job): Uint8Array<ArrayBuffer> {
  if (job.kind === "fits") return compressFits(bytes);
  const items = job.itemSize > 1 ? shuffled(bytes, job.itemSize) : bytes;
  const stream = deflateSync(items, { level: LEVEL, chunkSize: 2 ** 20 });
  const result = new Uint8Array(job.headRoom + stream.length);
  result.set(stream, job.headRoom);
  return result;
}

/** Sorts the bytes of items by their place in the item. */
export function shuffled(bytes: Uint8Array, itemSize: number): Uint8Array {
  const items = Math.floor(bytes.length / itemSize);
  const result = new Uint8Array(bytes.length);
  let at = 0;
  for (let place = 0; place < itemSize; place++) {
    for (let from = place; at < (place + 1) * items; from += itemSize) {
      result[at++] = bytes[from] ?? 0;
    }
  }
  result.set(bytes.subarray(at), at);
  return result;
}
