import { expect, test } from "vitest";
import { isBayerPattern, shiftBayerPattern } from "../../src/camera/sensor.js";

test.each([
  ["RGGB", 0, 0, "RGGB"],
  ["RGGB", 1, 0, "GRBG"],
  ["RGGB", 0, 1, "GBRG"],
  ["RGGB", 1, 1, "BGGR"],
  ["RGGB", 2, 4, "RGGB"],
  ["BGGR", 1, 0, "GBRG"],
  ["BGGR", 0, 1, "GRBG"],
  ["GRBG", 3, 0, "RGGB"],
  ["GRBG", 0, 3, "BGGR"],
  ["GBRG", 1, 1, "GRBG"],
] as const)("%s seen from column %i, row %i is %s", (pattern, left, top, seen) => {
  expect(shiftBayerPattern(pattern, left, top)).toBe(seen);
});

test("Only the four arrangements of two greens, a red and a blue are patterns", () => {
  expect(["RGGB", "BGGR", "GRBG", "GBRG"].every(isBayerPattern)).toBe(true);
  expect(["", "rggb", "RGBG", "RGGBX"].some(isBayerPattern)).toBe(false);
});
