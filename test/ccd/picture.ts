import { NO_FLIP } from "../../src/camera/flip.js";
import type { Picture } from "../../src/camera/picture.js";
import { fitsHeader } from "../../src/ccd/fits-format.js";
import type { Keywords } from "../../src/ccd/keywords.js";

/** A picture that was never taken. */
export function picture(what: Partial<Picture> = {}): Picture {
  return {
    roi: { left: 0, top: 0, width: 1280, height: 960 },
    binning: 1,
    format: "RAW16",
    bytes: 1280 * 960 * 2,
    startedAt: 0,
    seconds: 1,
    isDark: false,
    flip: NO_FLIP,
    ...what,
  };
}

/** What keywords put into the header of a picture. */
export function fitsHeaderOf(picture: Picture, keywords: Keywords): Record<string, unknown> {
  const entries = fitsHeader(picture, keywords).keywords;
  return Object.fromEntries(entries.map(({ keyword, value }) => [keyword, value]));
}
