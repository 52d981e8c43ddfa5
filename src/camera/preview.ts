import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type sharp from "sharp";
import { CameraFailure } from "./errors.js";
import { PIXEL_LAYOUT, type PixelFormat } from "./pixel-format.js";

/** How a live frame is shown to people. */
export interface PreviewSettings {
  /** 8: frames of 16 bits are brightened and made 8 bits deep. JPEG is always that deep. */
  readonly depth: 8 | 16;
  readonly encoding: "raw" | "jpeg" | "deflate";
}

/** A live frame as it came from the camera. */
export interface LivePicture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
}

/** A preview that was made. */
export interface Preview {
  /** What it takes in memory. */
  readonly bytes: number;
  /** What it takes once inflated; the same where it is not deflated. */
  readonly size: number;
}

/** As the C++ driver has it: quality 85, zlib at level 4. */
const JPEG_QUALITY = 85;
const DEFLATE_LEVEL = 4;

/** Pixels converted in one go: two milliseconds or so, that frames to come are not kept waiting. */
const SLICE = 1 << 20;

const deflated = promisify(deflate);

/** Says whether a picture is its own preview, without any work on it. */
export function isItsOwnPreview(
  format: PixelFormat,
  { depth, encoding }: PreviewSettings,
): boolean {
  const { bitsPerSample, planes } = PIXEL_LAYOUT[format];
  return encoding === "raw" && planes === 1 && bitsPerSample <= depth;
}

/** Makes previews; keeps what it needs for that from one to the next. */
export class PreviewMaker {
  #table: Uint8Array | undefined;
  #encoder: Promise<typeof sharp> | undefined;

  /**
   * Makes the preview of a picture in `target`, which must have room for the picture's bytes and a page.
   *
   * Raw previews keep their rows, 16-bit samples little-endian, colour as R, G, B. `scratch` gives memory
   * as large, where it is needed. Answers undefined where the encoded picture does not fit.
   */
  async make(
    picture: LivePicture,
    { depth, encoding }: PreviewSettings,
    target: Uint8Array,
    scratch: () => Uint8Array,
  ): Promise<Preview | undefined> {
    if (encoding === "raw") {
      const { length } = await this.#simplified(picture, depth, () => target);
      return { bytes: length, size: length };
    }
    const isJpeg = encoding === "jpeg";
    const simple = await this.#simplified(picture, isJpeg ? 8 : depth, scratch);
    const encoded = isJpeg
      ? await this.#jpeg(simple, picture)
      : await deflated(simple, { level: DEFLATE_LEVEL });
    if (encoded.length > target.length) return undefined;
    target.set(encoded);
    return { bytes: encoded.length, size: isJpeg ? encoded.length : simple.length };
  }

  /** The pixels in the depth that is wanted and with red first, in other memory only where they change. */
  async #simplified(
    { pixels, format }: LivePicture,
    depth: 8 | 16,
    memory: () => Uint8Array,
  ): Promise<Uint8Array> {
    const { planes, bitsPerSample } = PIXEL_LAYOUT[format];
    if (planes === 3) {
      const target = memory().subarray(0, pixels.length);
      await inSlices(pixels.length / 3, (from, to) => toRgb(pixels, target, from, to));
      return target;
    }
    if (bitsPerSample > depth) {
      this.#table ??= brightened();
      const table = this.#table;
      const samples = new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2);
      const target = memory().subarray(0, samples.length);
      await inSlices(samples.length, (from, to) => toEightBits(table, samples, target, from, to));
      return target;
    }
    return pixels;
  }

  async #jpeg(pixels: Uint8Array, { width, height, format }: LivePicture): Promise<Uint8Array> {
    this.#encoder ??= loadEncoder();
    const encoder = await this.#encoder;
    const channels = PIXEL_LAYOUT[format].planes;
    return encoder(pixels, { raw: { width, height, channels } })
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer();
  }
}

/** Loaded when first wanted: it takes memory, and most cameras never stream JPEG. */
async function loadEncoder(): Promise<typeof sharp> {
  try {
    const { default: encoder } = await import("sharp");
    encoder.cache(false);
    // The other cores have frames to move.
    encoder.concurrency(1);
    return encoder;
  } catch (error) {
    throw new CameraFailure("There is no JPEG encoder for this machine.", { cause: error });
  }
}

async function inSlices(count: number, convert: (from: number, to: number) => void) {
  for (let from = 0; from < count; from += SLICE) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    convert(from, Math.min(from + SLICE, count));
  }
}

/** Interleaved B, G, R as R, G, B. */
function toRgb(source: Uint8Array, target: Uint8Array, from: number, to: number): void {
  for (let at = 3 * from; at < 3 * to; at += 3) {
    target[at] = source[at + 2] ?? 0;
    target[at + 1] = source[at + 1] ?? 0;
    target[at + 2] = source[at] ?? 0;
  }
}

function toEightBits(
  table: Uint8Array,
  source: Uint16Array,
  target: Uint8Array,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at++) target[at] = table[source[at] ?? 0] ?? 0;
}

/** Samples of 16 bits as 8 bits with the transfer function of sRGB (IEC 61966-2-1), as the C++ driver shows them. */
function brightened(): Uint8Array {
  return Uint8Array.from({ length: 1 << 16 }, (_, sample) => {
    const light = sample / 65_535;
    const shown = light <= 0.003_04 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(255 * shown);
  });
}
