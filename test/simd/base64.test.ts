import { expect, test } from "vitest";
import { plainTextMemory } from "../../src/indi/text-memory.js";
import { vectorTextMemory } from "../../src/simd/base64.js";
import { TurnedValues, toFitsOrder16 } from "../../src/simd/byte-order.js";

const ways = [
  ["vector instructions", vectorTextMemory],
  ["Node's own means", plainTextMemory],
] as const;

/** Bytes of which no two neighbours stand in the same relation for long. */
const noise = (length: number) =>
  Uint8Array.from({ length }, (_, at) => (at * at * 31 + (at >>> 5) * 7) & 0xff);

test.each(ways)("every byte in every place is encoded by %s", (_, allocate) => {
  const bytes = Uint8Array.from({ length: 3 * 256 }, (_, at) => Math.floor(at / 3) ^ (at % 3));
  const memory = allocate(2000);
  const end = memory?.encode(bytes, 0, bytes.length, 0);
  expect(memory?.text.toString("latin1", 0, end)).toBe(Buffer.from(bytes).toString("base64"));
});

test.each(ways)("any number of bytes is encoded, and nothing behind it, by %s", (_, allocate) => {
  const bytes = noise(49_200);
  const memory = allocate(65_700);
  const wrong = [0, 1, 2, 3, 4, 11, 12, 13, 14, 23, 24, 25, 49_151, 49_152, 49_153, 49_200].filter(
    (length) => {
      const end = memory?.encode(bytes, 0, length, 0);
      const expected = Buffer.from(bytes.subarray(0, length)).toString("base64");
      return memory?.text.toString("latin1", 0, end) !== expected;
    },
  );
  expect(wrong).toEqual([]);
});

test.each(ways)("text is put where it belongs by %s", (_, allocate) => {
  const memory = allocate(100);
  memory?.text.fill(".");
  expect(memory?.encode(Buffer.from("xxhellox"), 2, 7, 10)).toBe(18);
  expect(memory?.text.toString("latin1", 0, 18)).toBe("..........aGVsbG8=");
});

test.each(ways)("bytes are altered on their way and stay as they are with %s", (_, allocate) => {
  const bytes = noise(100_000);
  const before = Buffer.from(bytes);
  const memory = allocate(140_000);
  const end = memory?.encode(bytes, 10, 100_000, 0, {
    apply(copy, at) {
      for (const index of copy.keys()) copy[index] = (at + index) % 251;
    },
  });
  const altered = Uint8Array.from({ length: 99_990 }, (_, at) => (at + 10) % 251);
  expect(memory?.text.toString("latin1", 0, end)).toBe(Buffer.from(altered).toString("base64"));
  expect(before.equals(bytes)).toBe(true);
});

test.each(ways)("values of 16 bits become those of FITS on their way with %s", (_, allocate) => {
  const bytes = noise(200_000);
  const memory = allocate(300_000);
  const end = memory?.encode(bytes, 0, bytes.length, 0, new TurnedValues(2_880, 150_002));
  toFitsOrder16(bytes.subarray(2_880, 150_002));
  const text = Buffer.from(bytes).toString("base64");
  expect(memory?.text.toString("latin1", 0, end) === text).toBe(true);
});
