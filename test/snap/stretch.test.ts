import { expect, test } from "vitest";
import { displayFunctionFor, midtonesTransfer, stretched } from "../../src/snap/stretch.js";

/** A plane with a background that varies by a known pattern around `level`. */
function background(level: number, spread: number): Float32Array {
  const pattern = [-2, -1, 0, 1, 2];
  return Float32Array.from({ length: 1000 }, (_, i) => level + (pattern[i % 5] ?? 0) * spread);
}

test.each([
  [0.25, 0, 0],
  [0.25, 0.25, 0.5],
  [0.25, 1, 1],
  [0.5, 0.3, 0.3],
  [0.1, 0.5, 0.9],
])("the midtones %d map %d to %d", (midtones, value, result) => {
  expect(midtonesTransfer(midtones, value)).toBeCloseTo(result, 10);
});

test("a faint star on a dark sky becomes bright, the sky a dark grey", () => {
  const plane = background(0.015, 0.0002);
  plane[500] = 0.03;
  const bytes = stretched(plane, displayFunctionFor(plane));

  // A quarter of white, as the algorithm aims at.
  expect(bytes[502]).toBe(64);
  expect(bytes[500]).toBeGreaterThan(220);
});

test("black lies 2.8 deviations below the median", () => {
  const { shadows, highlights } = displayFunctionFor(background(0.1, 0.001));

  expect(shadows).toBeCloseTo(0.1 - 2.8 * 1.4826 * 0.001, 6);
  expect(highlights).toBe(1);
});

test("a bright plane keeps its black and is clipped at white", () => {
  const plane = background(0.9, 0.001);
  const display = displayFunctionFor(plane);

  expect(display.shadows).toBe(0);
  expect(display.highlights).toBeCloseTo(0.9 + 2.8 * 1.4826 * 0.001, 6);
  expect(stretched(plane, display)[2]).toBeGreaterThan(180);
});

test.each([
  ["black", 0, 0],
  ["dim", 0.1, 64],
  ["bright", 0.7, 191],
  ["white", 1, 255],
])("an even %s plane stays even", (_, level, byte) => {
  const plane = new Float32Array(9).fill(level);

  expect([...stretched(plane, displayFunctionFor(plane))]).toEqual(Array(9).fill(byte));
});

test("a few samples of a large plane give the same stretch as all of its values", () => {
  const plane = new Float32Array(1_000_000);
  const pattern = background(0.1, 0.001);
  for (let i = 0; i < plane.length; i++) plane[i] = pattern[i % 1000] ?? 0;
  const display = displayFunctionFor(plane);

  expect(display.shadows).toBeCloseTo(displayFunctionFor(pattern).shadows, 6);
  expect(display.midtones).toBeCloseTo(displayFunctionFor(pattern).midtones, 6);
});
