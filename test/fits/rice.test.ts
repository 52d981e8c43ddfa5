import { expect, test } from "vitest";
import { riceBound, riceEncode } from "../../src/fits/rice.js";

function encoded(values: readonly number[], bits: 8 | 16): string {
  const bytes = values.flatMap((value) => (bits === 8 ? [value] : [value >> 8, value & 255]));
  const target = new Uint8Array(riceBound(values.length, bits));
  const end = riceEncode(Uint8Array.from(bytes), bits, target, 0);
  return [...target.subarray(0, end)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

test("a block of equal values is the first value and a split of none", () => {
  expect(encoded([5, 5, 5], 8)).toBe(`${"00000101"}${"000"}${"00000"}`);
});

test("small differences are counted in zeros", () => {
  // Differences 0, +1, -1 become 0, 2, 1; their mean is below 2, so no bit is split off.
  expect(encoded([5, 6, 5], 8)).toBe(`${"00000101"}${"001"}${"1"}${"001"}${"01"}${"0000000"}`);
});

test("differences too large for a split are written whole", () => {
  expect(encoded([0, 0x8000], 16)).toBe(
    `${"0".repeat(16)}${"1111"}${"0".repeat(16)}${"1".repeat(16)}${"0000"}`,
  );
});

test("whatever the values, they take no more room than was reserved", () => {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  for (let trial = 0; trial < 2000; trial++) {
    const bits = trial % 2 === 0 ? 8 : 16;
    const width = 1 + Math.floor(random() * bits);
    const count = 1 + Math.floor(random() * 100);
    const values = Array.from({ length: count }, () => Math.floor(random() * 2 ** width));
    expect(encoded(values, bits).length / 8).toBeLessThanOrEqual(riceBound(count, bits));
  }
});
