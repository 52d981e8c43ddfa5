import { decode } from "fast-png";
import { expect, test } from "vitest";
import { pngOf } from "../../src/snap/png.js";
import { frame16 } from "./frame.js";

test("a frame with red light only gives a red picture of half the size", () => {
  const red = (x: number, y: number) => (x % 2 === 0 && y % 2 === 0 ? 40000 : 0);
  const png = decode(pngOf(frame16(8, 4, red, { BAYERPAT: "RGGB" })));

  expect(png).toMatchObject({ width: 4, height: 2, channels: 3, depth: 8 });
  expect(new Set(png.data.filter((_, i) => i % 3 === 0))).toEqual(new Set([191]));
  expect(new Set(png.data.filter((_, i) => i % 3 !== 0))).toEqual(new Set([0]));
});

test("the stars of a grey frame are where they were, the first row on top", () => {
  const png = decode(
    pngOf(
      frame16(40, 30, (x, y) => (x === 30 && y === 4 ? 9000 : 1000 + ((x * 7 + y * 13) % 5) * 10)),
    ),
  );

  expect(png).toMatchObject({ width: 40, height: 30, channels: 1, depth: 8 });
  const brightest = png.data.indexOf(Math.max(...png.data));
  expect([brightest % 40, Math.floor(brightest / 40)]).toEqual([30, 4]);
  expect(png.data[4 * 40 + 30]).toBeGreaterThan(240);
  expect(png.data.filter((value) => value > 128)).toHaveLength(1);
});
