import { afterAll, beforeAll, expect, it } from "vitest";
import { CONTROL, FORMAT, type Picture, type Shot, World } from "./world.js";

let world: World;
beforeAll(() => {
  world = new World({
    ASI_SIM_CAMERAS: "ASI120MM-S,ASI178MC,ASI6200MM Pro",
    ASI_SIM_PATTERN: "1",
  });
  for (const id of [0, 1, 2]) world.open(id);
});
afterAll(() => world.close());

const frames = [0, 0, 0];

async function take(id: number, shot: Shot): Promise<{ picture: Picture; n: number }> {
  const picture = await world.expose(id, shot);
  const n = frames[id] ?? 0;
  frames[id] = n + 1;
  return { picture, n };
}

/** The published formula. */
const value = (x: number, y: number, b: number, n: number) =>
  (x * 257 + y * 1543 + b * 4099 + n * 8209) % 65536;

/** The number of pixels that are not what the formula says. */
function wrong(picture: Picture, planes: number, expected: (i: number, j: number) => number[]) {
  let count = 0;
  for (let j = 0; j < picture.height; j++)
    for (let i = 0; i < picture.width; i++) {
      const pixel = expected(i, j);
      for (let plane = 0; plane < planes; plane++)
        if (picture.pixels[(j * picture.width + i) * planes + plane] !== pixel[plane]) count++;
    }
  return count;
}

it("writes RAW16 left-justified in the bits of the converter, and counts frames", async () => {
  for (const _ of [1, 2]) {
    const { picture, n } = await take(0, {});
    expect(picture.pixels.length).toBe(1280 * 960);
    expect(wrong(picture, 1, (x, y) => [value(x, y, 1, n) & 0xfff0])).toBe(0);
  }
});

it("writes RAW8 as the upper byte", async () => {
  const { picture, n } = await take(0, { format: FORMAT.RAW8 });
  expect(wrong(picture, 1, (x, y) => [value(x, y, 1, n) >> 8])).toBe(0);
});

it("counts coordinates from the sensor's corner in a region, in binned pixels", async () => {
  for (const bin of [1, 2]) {
    const { picture, n } = await take(0, { bin, width: 64, height: 34, x: 33, y: 51 });
    expect(wrong(picture, 1, (i, j) => [value(33 + i, 51 + j, bin, n) & 0xfff0])).toBe(0);
  }
});

it("writes RGB24 as blue, green, red, and Y8 as the upper byte", async () => {
  const colour = await take(1, { format: FORMAT.RGB24, bin: 3, width: 160, height: 60 });
  const [startX = -1, startY = -1] = world.ints("ASIGetStartPos", 1, 2);
  expect([startX, startY]).toEqual([436, 316]);
  expect(
    wrong(colour.picture, 3, (i, j) => {
      const blue = value(436 + i, 316 + j, 3, colour.n) >> 8;
      return [blue, (blue + 85) % 256, (blue + 170) % 256];
    }),
  ).toBe(0);
  const luma = await take(1, { format: FORMAT.Y8, bin: 4 });
  expect(luma.picture.width).toBe(768);
  expect(wrong(luma.picture, 1, (i, j) => [value(2 + i, j, 4, luma.n) >> 8])).toBe(0);
});

it("mirrors the picture within the region", async () => {
  const shot = { width: 80, height: 40, x: 8, y: 6, format: FORMAT.RAW8 };
  for (const flip of [1, 2, 3]) {
    const { picture, n } = await take(0, { ...shot, controls: [[CONTROL.FLIP, flip]] });
    const x = (i: number) => 8 + (flip & 1 ? 79 - i : i);
    const y = (j: number) => 6 + (flip & 2 ? 39 - j : j);
    expect(wrong(picture, 1, (i, j) => [value(x(i), y(j), 1, n) >> 8])).toBe(0);
  }
});

it("fills a frame of 61 megapixels", async () => {
  const { picture, n } = await take(2, {});
  expect(picture.pixels.length).toBe(9576 * 6388);
  let count = 0;
  for (let i = 0; i < picture.pixels.length; i += 101) {
    const expected = value(i % 9576, Math.floor(i / 9576), 1, n);
    if (picture.pixels[i] !== expected) count++;
  }
  expect(count).toBe(0);
});
