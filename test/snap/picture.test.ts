import { expect, test } from "vitest";
import { pictureOf } from "../../src/snap/picture.js";
import { frame16 } from "./frame.js";

test("a grey frame keeps its size and its values, from 0 to 1", () => {
  const picture = pictureOf(frame16(2, 2, (x, y) => [0, 13107, 26214, 65535][y * 2 + x] ?? 0));

  expect(picture).toMatchObject({ width: 2, height: 2 });
  expect(picture.planes.map((plane) => [...plane])).toEqual([
    [0, expect.closeTo(0.2, 6), expect.closeTo(0.4, 6), 1],
  ]);
});

test("a frame of 8 bits reaches from 0 to 1 too", () => {
  const frame = frame16(2, 1, () => 0);
  const picture = pictureOf({ ...frame, bits: 8, pixels: Uint8Array.of(51, 255) });

  expect([...(picture.planes[0] ?? [])]).toEqual([expect.closeTo(0.2, 6), 1]);
});

const MATRIX = [1, 2, 4, 8].map((part) => part * 4096);

test.each([
  ["RGGB", {}, [1 / 16, 3 / 16, 8 / 16]],
  ["BGGR", {}, [8 / 16, 3 / 16, 1 / 16]],
  ["GRBG", {}, [2 / 16, 4.5 / 16, 4 / 16]],
  ["GBRG", {}, [4 / 16, 4.5 / 16, 2 / 16]],
  ["RGGB", { XBAYROFF: 1 }, [2 / 16, 4.5 / 16, 4 / 16]],
  ["RGGB", { YBAYROFF: 1 }, [4 / 16, 4.5 / 16, 2 / 16]],
  ["RGGB", { XBAYROFF: 1, YBAYROFF: 1 }, [8 / 16, 3 / 16, 1 / 16]],
])(
  "a Bayer matrix %s with offsets %o becomes colours at half the size",
  (pattern, offsets, rgb) => {
    const frame = frame16(5, 4, (x, y) => MATRIX[(y % 2) * 2 + (x % 2)] ?? 0, {
      BAYERPAT: pattern,
      ...offsets,
    });
    const picture = pictureOf(frame);

    expect(picture).toMatchObject({ width: 2, height: 2 });
    expect(picture.planes.map((plane) => [...plane])).toEqual(
      rgb.map((value) => Array(4).fill(expect.closeTo(value, 4))),
    );
  },
);

test("red, green and blue planes stay what they are", () => {
  const frame = frame16(2, 3, (_, y) => [65535, 0, 13107][y] ?? 0);
  const picture = pictureOf({ ...frame, height: 1, planes: 3 });

  expect(picture).toMatchObject({ width: 2, height: 1 });
  expect(picture.planes.map((plane) => [...plane])).toEqual([
    [1, 1],
    [0, 0],
    [expect.closeTo(0.2, 6), expect.closeTo(0.2, 6)],
  ]);
});

test("a wide frame is averaged down to the width that was asked for", () => {
  const frame = frame16(7, 5, (x, y) => (x === 2 && y === 1 ? 65535 : 0));
  const picture = pictureOf(frame, 4);

  expect(picture).toMatchObject({ width: 3, height: 2 });
  expect(picture.planes.map((plane) => [...plane])).toEqual([[0, 0.25, 0, 0, 0, 0]]);
});

test("the full frame of the largest sensor becomes a picture of less than 2000 pixels", () => {
  const picture = pictureOf(frame16(9576, 64, () => 65535));

  expect(picture).toMatchObject({ width: 1915, height: 12 });
  expect(picture.planes[0]?.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
});
