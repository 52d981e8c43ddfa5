import type { FitsFile } from "../fits/index.js";

/** A picture of one grey plane, or of red, green and blue ones; values go from 0 to 1. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float32Array[];
}

/** The values of one colour: one in each cell of `pitch` x `pitch` pixels, from `start` on. */
interface Sampling {
  readonly start: number;
  readonly pitch: 1 | 2;
}

/** Wide enough to judge focus and framing, small enough for every viewer. */
const MAX_WIDTH = 2000;

/**
 * Makes a picture of a frame: a Bayer matrix becomes colours at half the size, and neighbours are
 * averaged until the picture is at most 2000 pixels wide. The first row of the file is on top.
 */
export function pictureOf(frame: FitsFile, maxWidth = MAX_WIDTH): Picture {
  const colors = samplingsOf(frame);
  const pitch = colors[0]?.[0]?.pitch ?? 1;
  const block = Math.max(1, Math.ceil(Math.floor(frame.width / pitch) / maxWidth));
  const width = Math.floor(frame.width / (pitch * block));
  const height = Math.floor(frame.height / (pitch * block));
  const planes = colors.map((color) => {
    const plane = new Float32Array(width * height);
    for (const sampling of color) addBlocks(plane, width, frame, sampling, block);
    const scale = 1 / (color.length * block * block * (frame.bits === 8 ? 0xff : 0xffff));
    return plane.map((sum) => sum * scale);
  });
  return { width, height, planes };
}

/** Where each colour of a frame lies in its values; a Bayer matrix has two greens. */
function samplingsOf({ width, height, planes, keywords }: FitsFile): readonly Sampling[][] {
  if (planes === 3) return [0, 1, 2].map((n) => [{ start: n * width * height, pitch: 1 }]);
  const pattern = keywords.get("BAYERPAT");
  if (typeof pattern !== "string" || !BAYER.test(pattern)) return [[{ start: 0, pitch: 1 }]];
  const right = offset(keywords.get("XBAYROFF"));
  const down = offset(keywords.get("YBAYROFF"));
  return ["R", "G", "B"].map((color) =>
    [0, 1, 2, 3]
      .filter((n) => pattern[((n >> 1) ^ down) * 2 + ((n & 1) ^ right)] === color)
      .map((n) => ({ start: (n >> 1) * width + (n & 1), pitch: 2 })),
  );
}

const BAYER = /^(RGGB|BGGR|GRBG|GBRG)$/;

function offset(value: string | number | boolean | undefined): 0 | 1 {
  return typeof value === "number" && Math.abs(value) % 2 === 1 ? 1 : 0;
}

/** Adds up the values of blocks of `block` x `block` cells. */
function addBlocks(
  plane: Float32Array,
  width: number,
  { pixels, width: stride }: FitsFile,
  { start, pitch }: Sampling,
  block: number,
): void {
  const rows = (plane.length / width) * block;
  for (let row = 0; row < rows; row++) {
    let at = start + row * pitch * stride;
    const first = Math.floor(row / block) * width;
    for (let to = first; to < first + width; to++) {
      let sum = 0;
      for (let i = 0; i < block; i++, at += pitch) sum += pixels[at] ?? 0;
      plane[to] = (plane[to] ?? 0) + sum;
    }
  }
}
