import { expect, test } from "vitest";
import { scalarTurn, toFitsOrder16, vectorTurn } from "../../src/simd/byte-order.js";

const ways = [
  ["the fastest way", toFitsOrder16],
  ["the way with vectors", vectorTurn()],
  ["the way without", scalarTurn],
] as const;

test.each(ways)("values get the byte order and the offset of FITS by %s", (_, turn) => {
  const bytes = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x34, 0x12, 0x01, 0x80, 0xcd, 0xab);
  turn?.(bytes);
  expect([...bytes]).toEqual([0x80, 0x00, 0x7f, 0xff, 0x92, 0x34, 0x00, 0x01, 0x2b, 0xcd]);
});

test.each(ways)("only the bytes handed in are turned by %s", (_, turn) => {
  const buffer = Uint8Array.of(1, 2, 3, 4, 0x34, 0x12, 5, 6);
  turn?.(buffer.subarray(4, 6));
  expect([...buffer]).toEqual([1, 2, 3, 4, 0x92, 0x34, 5, 6]);
});

test.each(ways)("every value of a frame longer than a slice is turned once by %s", (_, turn) => {
  const values = Uint16Array.from({ length: 65_536 }, (_, value) => value);
  turn?.(new Uint8Array(values.buffer));
  const stored = new DataView(values.buffer);
  const wrong = Array.from(values.keys()).filter(
    (value) => stored.getInt16(2 * value) !== value - 32_768,
  );
  expect(wrong).toEqual([]);
});
