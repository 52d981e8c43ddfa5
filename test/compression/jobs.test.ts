import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { compress, shuffled } from "../../src/compression/jobs.js";

test("bytes are sorted by their place in the item, and what is left over stays at the end", () => {
  expect([...shuffled(Uint8Array.from([1, 2, 3, 4, 5, 6, 7]), 2)]).toEqual([1, 3, 5, 2, 4, 6, 7]);
});

test("a zlib stream leaves the room asked for in front of it", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at >> 8);
  const result = compress(bytes, { kind: "zlib", itemSize: 1, headRoom: 100 });
  expect(inflateSync(result.subarray(100)).equals(bytes)).toBe(true);
  expect(result.length).toBeLessThan(500);
});
