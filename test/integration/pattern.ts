import { readFits } from "../../src/fits/index.js";

/** What of the sensor a picture shows, in binned pixels. */
export interface Shown {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly binning: number;
  /** The pictures this camera had delivered before. */
  readonly frame: number;
}

/** The formats of the camera, and the bits its 16-bit values really have. */
export type Depth = 8 | 12 | 14 | 16 | "RGB24";

/** The simulator's test pattern (simulator/README.md) as the values of a FITS file. */
export function pattern({ left, top, width, height, binning, frame }: Shown, depth: Depth) {
  const size = width * height;
  const planes = depth === "RGB24" ? [170, 85, 0] : [0];
  const isDeep = typeof depth === "number" && depth > 8;
  const pixels = isDeep ? new Uint16Array(size) : new Uint8Array(planes.length * size);
  const unused = isDeep ? 2 ** (16 - depth) - 1 : 0;
  for (const [plane, more] of planes.entries()) {
    let at = plane * size;
    for (let row = 0; row < height; row++) {
      let value = left * 257 + (top + row) * 1543 + binning * 4099 + frame * 8209;
      for (let column = 0; column < width; column++, value += 257) {
        pixels[at++] = isDeep ? value & 0xffff & ~unused : ((value >> 8) & 0xff) + more;
      }
    }
  }
  return pixels;
}

/** Where a FITS file is not this pattern: its size, or the first pixel that is wrong. */
export function flaw(file: Uint8Array, shown: Shown, depth: Depth): string | undefined {
  const { width, height, pixels } = readFits(file);
  if (width !== shown.width || height !== shown.height) return `it is ${width} x ${height}`;
  const expected = pattern(shown, depth);
  if (Buffer.compare(bytesOf(pixels), bytesOf(expected)) === 0) return undefined;
  const at = expected.findIndex((value, index) => value !== pixels[index]);
  return `value ${at} of ${pixels.length} is ${pixels[at]}, not ${expected[at]}`;
}

function bytesOf(pixels: Uint8Array | Uint16Array): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
