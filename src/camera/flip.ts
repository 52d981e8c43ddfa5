import type { Roi } from "./roi.js";
import type { BayerPattern, Sensor } from "./sensor.js";
import { shiftBayerPattern } from "./sensor.js";

/**
 * How pictures are mirrored on their way out of the camera.
 *
 * The library counts a region in pixels of the sensor and mirrors what it has read; here positions are those in the
 * picture as it is delivered, so that a part of a picture is found where it was seen.
 */
export interface Flip {
  readonly horizontal: boolean;
  readonly vertical: boolean;
}

/** Pictures as the sensor sees them. */
export const NO_FLIP: Flip = { horizontal: false, vertical: false };

/** The flip of the library's number (ASI_FLIP_STATUS, manual 2.5). */
export function toFlip(value: number): Flip {
  return { horizontal: (value & 1) !== 0, vertical: (value & 2) !== 0 };
}

/** The library's number of a flip. */
export function flipValue({ horizontal, vertical }: Flip): number {
  return (horizontal ? 1 : 0) + (vertical ? 2 : 0);
}

/** Where a rectangle of an area is found when the area is mirrored; the same again turns it back. */
export function mirrored(
  roi: Roi,
  area: { readonly width: number; readonly height: number },
  { horizontal, vertical }: Flip,
): Roi {
  return {
    ...roi,
    left: horizontal ? area.width - roi.left - roi.width : roi.left,
    top: vertical ? area.height - roi.top - roi.height : roi.top,
  };
}

/** The sensor's size in binned pixels; what does not fill one is left out. */
export function binnedSize({ width, height }: Sensor, binning: number) {
  return { width: Math.floor(width / binning), height: Math.floor(height / binning) };
}

/**
 * The Bayer matrix as a picture shows it from its first pixel on: `pattern` is the sensor's, `left` and `top` are the
 * picture's place in binned pixels. Seen twice, it is the sensor's again.
 */
export function shownPattern(
  pattern: BayerPattern,
  sensor: Sensor,
  {
    left,
    top,
    binning,
    flip,
  }: { readonly left: number; readonly top: number; readonly binning: number; readonly flip: Flip },
): BayerPattern {
  const first = mirrored({ left, top, width: 1, height: 1 }, binnedSize(sensor, binning), flip);
  return shiftBayerPattern(pattern, first.left, first.top);
}
