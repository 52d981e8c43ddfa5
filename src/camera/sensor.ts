import { ASI_BAYER_PATTERN } from "../asi/constants.js";
import { bytesPerPixel, type PixelFormat } from "./pixel-format.js";

/** The colours of a Bayer matrix, row by row from its top left corner. */
export type BayerPattern = "RGGB" | "BGGR" | "GRBG" | "GBRG";

/** The chip of a camera. */
export interface Sensor {
  /** Unbinned pixels. */
  readonly width: number;
  readonly height: number;
  /** Edge of a pixel, in micrometres. */
  readonly pixelSize: number;
  /** Depth of the analogue-to-digital converter; 16-bit samples are left-justified from it. */
  readonly bitDepth: number;
  /** Absent on a monochrome chip. */
  readonly bayerPattern?: BayerPattern;
  readonly binnings: readonly number[];
  readonly formats: readonly PixelFormat[];
}

/** The bytes of the largest picture a sensor makes. */
export function largestFrame({
  width,
  height,
  formats,
}: Pick<Sensor, "width" | "height" | "formats">): number {
  return width * height * Math.max(...formats.map(bytesPerPixel));
}

/** The pattern of each of the library's numbers (manual 2.1). */
export const BAYER_PATTERN: Readonly<Record<ASI_BAYER_PATTERN, BayerPattern>> = {
  [ASI_BAYER_PATTERN.ASI_BAYER_RG]: "RGGB",
  [ASI_BAYER_PATTERN.ASI_BAYER_BG]: "BGGR",
  [ASI_BAYER_PATTERN.ASI_BAYER_GR]: "GRBG",
  [ASI_BAYER_PATTERN.ASI_BAYER_GB]: "GBRG",
};

/** Tells whether a text names a pattern. */
export function isBayerPattern(text: string): text is BayerPattern {
  return Object.values<string>(BAYER_PATTERN).includes(text);
}

/** The pattern as seen by a picture whose top left pixel is column `left`, row `top` of the mosaic. */
export function shiftBayerPattern(pattern: BayerPattern, left: number, top: number): BayerPattern {
  const mirrored: Record<BayerPattern, BayerPattern> = {
    RGGB: "GRBG",
    GRBG: "RGGB",
    BGGR: "GBRG",
    GBRG: "BGGR",
  };
  const lowered: Record<BayerPattern, BayerPattern> = {
    RGGB: "GBRG",
    GBRG: "RGGB",
    BGGR: "GRBG",
    GRBG: "BGGR",
  };
  const across = left % 2 === 0 ? pattern : mirrored[pattern];
  return top % 2 === 0 ? across : lowered[across];
}
