import { planesFromBgr } from "../fits/index.js";
import type { Flip } from "./flip.js";
import type { GpsTimes } from "./gps.js";
import { PIXEL_LAYOUT, type PixelFormat } from "./pixel-format.js";
import type { Region } from "./region.js";
import { cropInPlace, type Roi } from "./roi.js";

/** A picture that was taken; its pixels lie at the beginning of the memory given for it. */
export interface Picture {
  /** In binned pixels of the sensor: exactly what was delivered. */
  readonly roi: Roi;
  readonly binning: number;
  readonly format: PixelFormat;
  readonly flip: Flip;
  readonly bytes: number;
  /** Time of day at which the exposure started, in milliseconds since 1970 with fractions. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly isDark: boolean;
  /** What one step of the analogue-to-digital converter stands for, at the gain of this picture. */
  readonly electronsPerAdu?: number | undefined;
  /** When its lines were taken, where the camera has a receiver for that. */
  readonly gps?: GpsTimes | undefined;
}

/**
 * How the pixels of a picture are ordered. "fits": 16-bit samples big-endian and offset by 32768, colour as three
 * planes. "planes": colour as three planes. "camera": as they came.
 */
export type PixelOrder = "fits" | "planes" | "camera";

/** Puts 16-bit samples into the order of FITS, in place. */
export type Turn = (samples: Uint8Array) => Promise<void>;

/** What a picture is of its camera, apart from its exposure. */
export type Developed<T> = T & Pick<Picture, "roi" | "binning" | "format" | "flip" | "bytes">;

/** Makes the picture wanted, in `memory`, of what `fetch` gets from the camera; answers what `fetch` does as well. */
export async function develop<T>(
  { capture, plan, flip, bytes: readBytes }: Region,
  order: PixelOrder,
  memory: Uint8Array,
  fetch: (pixels: Uint8Array) => Promise<T>,
  turn: Turn,
): Promise<Developed<T>> {
  const { binning, format } = capture;
  const { read, wanted } = plan;
  // Planes cannot be sorted in place; what the library fills as a whole need not be zeroed first.
  const isSorted = order !== "camera" && PIXEL_LAYOUT[format].planes === 3;
  const pixels = isSorted ? Buffer.allocUnsafeSlow(readBytes) : memory.subarray(0, readBytes);
  const told = await fetch(pixels);
  const bytes = cropInPlace(pixels, read, wanted, format);
  if (isSorted) planesFromBgr(pixels.subarray(0, bytes), memory.subarray(0, bytes));
  else if (order === "fits" && format === "RAW16") await turn(memory.subarray(0, bytes));
  return { ...told, roi: wanted, binning, format, flip, bytes };
}
