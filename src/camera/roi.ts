import { CameraRequestError } from "./errors.js";
import { binnedSize, mirrored, NO_FLIP } from "./flip.js";
import { bytesPerPixel, type PixelFormat } from "./pixel-format.js";
import type { Sensor } from "./sensor.js";

/** A rectangle; which pixels it counts, binned or unbinned, is said where it is used. */
export interface Roi {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How pictures are taken: the part of the sensor in unbinned pixels, the binning, the format. */
export interface Capture {
  readonly roi: Roi;
  readonly binning: number;
  readonly format: PixelFormat;
}

/** What sizes the camera accepts, in binned pixels: each a multiple of the grid. */
export interface Grid {
  readonly width: number;
  readonly height: number;
}

/** The grid of all cameras: width in eights, height in twos (manual 3.10). */
export const USUAL_GRID: Grid = { width: 8, height: 2 };

/** A grid for the USB2 ASI120, which wants width x height to be a multiple of 1024 (manual 3.10). */
export const GRID_1024: Grid = { width: 64, height: 16 };

/** What the camera reads for a picture, and what of it is wanted; in binned pixels, of the sensor unless said otherwise. */
export interface CapturePlan {
  /** The aligned rectangle the camera reads. */
  readonly read: Roi;
  /** The wanted rectangle, clipped to what the camera can read. */
  readonly wanted: Roi;
}

/** Refuses a capture that the sensor cannot give, naming the thing, the value and the limit. */
export function checkCapture(sensor: Sensor, { roi, binning, format }: Capture): void {
  if (!sensor.binnings.includes(binning)) {
    throw new CameraRequestError(
      `Binning ${binning} is not supported; this camera has ${sensor.binnings.join(", ")}.`,
    );
  }
  if (!sensor.formats.includes(format)) {
    throw new CameraRequestError(
      `Format ${format} is not supported; this camera has ${sensor.formats.join(", ")}.`,
    );
  }
  const axes = [
    ["horizontal", roi.left, roi.width, sensor.width],
    ["vertical", roi.top, roi.height, sensor.height],
  ] as const;
  for (const [axis, start, size, limit] of axes) {
    if (![start, size].every(Number.isInteger) || start < 0 || size < 1 || start + size > limit) {
      throw new CameraRequestError(
        `Invalid frame: ${axis} start ${start} and size ${size} do not fit the sensor's ${limit} pixels.`,
      );
    }
  }
}

/**
 * Finds the aligned rectangle that covers the wanted one, so that cropping gives exactly what was asked.
 * `startStep` is the grid of the start position, which the manual leaves open and some cameras have.
 * Pixels that no aligned rectangle reaches (a binned sensor size off the grid) are clipped. With a `flip` the wanted
 * rectangle is one of the mirrored picture.
 */
export function planCapture(
  sensor: Sensor,
  { roi, binning }: Capture,
  grid: Grid,
  startStep: number,
  flip = NO_FLIP,
): CapturePlan {
  const area = binnedSize(sensor, binning);
  const { left, top, width, height } = mirrored(binnedWithin(roi, binning, area), area, flip);
  const horizontal = planAxis({ available: area.width, grid: grid.width, startStep }, left, width);
  const vertical = planAxis({ available: area.height, grid: grid.height, startStep }, top, height);
  return {
    read: {
      left: horizontal.readStart,
      top: vertical.readStart,
      width: horizontal.readSize,
      height: vertical.readSize,
    },
    wanted: {
      left: horizontal.start,
      top: vertical.start,
      width: horizontal.size,
      height: vertical.size,
    },
  };
}

/** The binned rectangle of an unbinned one, with a pixel at least, as far as the area has it. */
function binnedWithin(
  roi: Roi,
  binning: number,
  area: { readonly width: number; readonly height: number },
): Roi {
  const left = Math.min(Math.floor(roi.left / binning), area.width - 1);
  const top = Math.min(Math.floor(roi.top / binning), area.height - 1);
  return {
    left,
    top,
    width: Math.min(Math.max(1, Math.floor(roi.width / binning)), area.width - left),
    height: Math.min(Math.max(1, Math.floor(roi.height / binning)), area.height - top),
  };
}

interface Axis {
  readonly available: number;
  readonly grid: number;
  readonly startStep: number;
}

function planAxis({ available, grid, startStep }: Axis, start: number, size: number) {
  const largest = Math.floor(available / grid) * grid;
  const aligned = Math.floor(start / startStep) * startStep;
  const readSize = Math.min(Math.ceil((start + size - aligned) / grid) * grid, largest);
  const lastStart = Math.floor((available - readSize) / startStep) * startStep;
  const readStart = Math.min(aligned, lastStart);
  const clippedStart = Math.min(start, readStart + readSize - 1);
  return {
    readStart,
    readSize,
    start: clippedStart,
    size: Math.min(size, readStart + readSize - clippedStart),
  };
}

/** The unbinned rectangle of a binned one. */
export function unbinned(roi: Roi, binning: number): Roi {
  return {
    left: roi.left * binning,
    top: roi.top * binning,
    width: roi.width * binning,
    height: roi.height * binning,
  };
}

/** Tells whether `outer` holds every pixel of `inner`. */
export function covers(outer: Roi, inner: Roi): boolean {
  return (
    outer.left <= inner.left &&
    outer.top <= inner.top &&
    outer.left + outer.width >= inner.left + inner.width &&
    outer.top + outer.height >= inner.top + inner.height
  );
}

/**
 * Moves the wanted part of a picture to the beginning of its memory, row by row, in place.
 * Both rectangles are in the same pixels; `read` is what `pixels` holds. Returns the bytes left.
 */
export function cropInPlace(
  pixels: Uint8Array,
  read: Roi,
  wanted: Roi,
  format: PixelFormat,
): number {
  const pixel = bytesPerPixel(format);
  const rowBytes = wanted.width * pixel;
  const stride = read.width * pixel;
  const first = (wanted.top - read.top) * stride + (wanted.left - read.left) * pixel;
  if (rowBytes === stride) {
    if (first > 0) pixels.copyWithin(0, first, first + rowBytes * wanted.height);
  } else {
    for (let row = 0; row < wanted.height; row++) {
      const from = first + row * stride;
      pixels.copyWithin(row * rowBytes, from, from + rowBytes);
    }
  }
  return rowBytes * wanted.height;
}
