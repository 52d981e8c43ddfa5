import type { CameraProperty, ControlCaps } from "../asi/index.js";
import { CameraFailure } from "./errors.js";
import type { Roi } from "./roi.js";

/*
 * A library that has lost its way answers nonsense with success. What becomes memory or a definition for clients is
 * looked at before it is believed.
 */

/** As many cameras as the library can number (ASICAMERA_ID_MAX); no camera has as many controls. */
const MOST = 128;

/** Pixels along the side of a sensor; the largest camera has a tenth. */
const LARGEST_SIDE = 100_000;

/** A name as cameras and controls have. */
const NAME = /^[\x20-\x7e]+$/;

/** Answers the number of cameras or controls; throws CameraFailure where there cannot be so many. */
export function plausibleCount(what: string, count: number, least: number): number {
  if (isWhole(count) && count >= least && count <= MOST) return count;
  throw new CameraFailure(`The library counts ${count} ${what}.`);
}

/** Answers what the library tells of a camera; throws CameraFailure where there is no such camera. */
export function plausibleProperty(property: CameraProperty): CameraProperty {
  const { name, maxWidth, maxHeight, pixelSize, supportedBins } = property;
  const isSide = (side: number) => isWhole(side) && side > 0 && side <= LARGEST_SIDE;
  const hasSensor = isSide(maxWidth) && isSide(maxHeight) && pixelSize > 0;
  const hasBins = supportedBins.length > 0 && supportedBins.every((bin) => bin > 0);
  if (NAME.test(name) && hasSensor && hasBins) return property;
  throw new CameraFailure(
    `The library describes a camera that cannot be: "${name}", ${maxWidth}x${maxHeight} pixels.`,
  );
}

/** Answers what the library tells of a control; throws CameraFailure where there is no such control. */
export function plausibleControl(caps: ControlCaps): ControlCaps {
  const { name, minValue, maxValue, defaultValue } = caps;
  const isRange = [minValue, maxValue, defaultValue].every(isWhole) && minValue <= maxValue;
  if (NAME.test(name) && isRange) return caps;
  throw new CameraFailure(
    `The library describes a control that cannot be: "${name}", ${minValue} to ${maxValue}.`,
  );
}

/** Answers the value of a control; throws CameraFailure where it is no whole number that we can count to. */
export function plausibleValue(value: number): number {
  if (isWhole(value)) return value;
  throw new CameraFailure(`The library has a control stand at ${value}.`);
}

/** Answers what a camera reads of an area; throws CameraFailure where that does not lie on it. */
export function plausibleRegion(read: Roi, area: { width: number; height: number }): Roi {
  const { left, top, width, height } = read;
  const isOn = (start: number, size: number, available: number) =>
    isWhole(start) && isWhole(size) && start >= 0 && size > 0 && start + size <= available;
  if (isOn(left, width, area.width) && isOn(top, height, area.height)) return read;
  throw new CameraFailure(
    `The camera reads ${width}x${height} pixels at ${left}, ${top}, of ${area.width}x${area.height}.`,
  );
}

/** What comes from C as a long need not be a number that JavaScript can count to. */
function isWhole(value: number): boolean {
  return Number.isSafeInteger(value);
}
