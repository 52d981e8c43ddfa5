import type { Picture } from "../camera/camera.js";
import type { CameraInfo } from "../camera/camera-info.js";
import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import { type FitsHeader, real } from "../fits/index.js";

/** Adds what one feature of the camera knows of a picture to its header. */
export type Keywords = (header: FitsHeader, picture: Picture) => void;

/** Says which camera took the picture. */
export function instrumentKeywords(device: string, { serial, sensor }: CameraInfo): Keywords {
  return (header) => {
    header.set("ROWORDER", "TOP-DOWN", "Row Order");
    header.set("INSTRUME", device, "Camera Name");
    if (serial !== undefined) header.set("CCDSER", serial, "Camera serial number");
    header.set("ADCBITS", sensor.bitDepth, "Bits of the analogue-to-digital converter");
  };
}

/** Says where on the sensor the picture lies and how large its pixels are. */
export function geometryKeywords({ sensor }: CameraInfo): Keywords {
  return (header, { binning, roi }) => {
    header.set("PIXSIZE1", real(sensor.pixelSize), "Pixel Size 1 (microns)");
    header.set("PIXSIZE2", real(sensor.pixelSize), "Pixel Size 2 (microns)");
    header.set("XBINNING", binning, "Binning factor in width");
    header.set("YBINNING", binning, "Binning factor in height");
    header.set("XPIXSZ", real(sensor.pixelSize * binning), "X binned pixel size in microns");
    header.set("YPIXSZ", real(sensor.pixelSize * binning), "Y binned pixel size in microns");
    header.set("XORGSUBF", roi.left, "Left edge of the frame in binned pixels");
    header.set("YORGSUBF", roi.top, "Top edge of the frame in binned pixels");
  };
}

/** Says when the picture was taken; the start is known to about a millisecond. */
export const dateKeywords: Keywords = (header, { startedAt, seconds }) => {
  const milliseconds = seconds * 1000;
  header.set("DATE-OBS", utc(startedAt), "UTC start date of observation");
  header.set("DATE-AVG", utc(startedAt + milliseconds / 2), "UTC middle of observation");
  header.set("DATE-END", utc(startedAt + milliseconds), "UTC end of observation");
};

/** Says whether the pixels of a picture carry the sensor's colour matrix. */
export function isMosaic(
  { format, binning }: Pick<Picture, "format" | "binning">,
  hasMonoBin: boolean,
): boolean {
  return PIXEL_LAYOUT[format].mosaic && !(hasMonoBin && binning > 1);
}

/** A date as FITS writes it, to the microsecond. */
function utc(milliseconds: number): string {
  const microseconds = Math.round((milliseconds % 1000) * 1000);
  const second = new Date(Math.floor(milliseconds / 1000) * 1000 + Math.floor(microseconds / 1e6));
  const fraction = `${microseconds % 1e6}`.padStart(6, "0");
  return `${second.toISOString().slice(0, 19)}.${fraction}`;
}
