import type { Flip } from "../camera/flip.js";
import type { PixelFormat } from "../camera/pixel-format.js";
import type { Capture } from "../camera/roi.js";
import type { BayerPattern, Sensor } from "../camera/sensor.js";
import { defineNumbers, defineSwitches, defineTexts } from "../indi/definition.js";

/*
 * The sensor and how it is read, as the C++ driver shows it. Where a definition differs, docs/properties.md says why.
 */

const SETTINGS = "Image Settings";
const INFO = "Image Info";
const CONTROLS = "Controls";

/** Which part of the sensor is read, in unbinned pixels. */
export const CCD_FRAME = ({ width, height }: Sensor) =>
  defineNumbers("CCD_FRAME", {
    label: "Frame", group: SETTINGS, perm: "rw", timeout: 60, saved: true,
    // It is counted in the pixels of the mirrored, binned picture.
    buildsOn: ["FLIP", "CCD_CAPTURE_FORMAT", "CCD_BINNING"],
    elements: {
      X:      { label: "Left ",  format: "%4.0f", min: 0, max: width - 1 },
      Y:      { label: "Top",    format: "%4.0f", min: 0, max: height - 1 },
      WIDTH:  { label: "Width",  format: "%4.0f", min: 1, max: width,  value: width },
      HEIGHT: { label: "Height", format: "%4.0f", min: 1, max: height, value: height },
    },
  });

/** Sets the frame back to the whole sensor. */
export const CCD_FRAME_RESET = defineSwitches("CCD_FRAME_RESET", {
  label: "Frame Values", group: SETTINGS, perm: "wo", rule: "AtMostOne",
  elements: { RESET: { label: "Reset" } },
});

/** Pixels added up to one, the same number in both directions. */
export const CCD_BINNING = ({ binnings }: Sensor) => {
  const largest = Math.max(...binnings);
  return defineNumbers("CCD_BINNING", {
    label: "Binning", group: SETTINGS, perm: "rw", timeout: 60, saved: true,
    buildsOn: ["CCD_CAPTURE_FORMAT"],
    elements: {
      HOR_BIN: { label: "X", format: "%2.0f", min: 1, max: largest, step: 1 },
      VER_BIN: { label: "Y", format: "%2.0f", min: 1, max: largest, step: 1 },
    },
  });
};

const FORMAT_LABELS: Readonly<Record<PixelFormat, string>> = {
  RAW8:  "Raw 8 bit",
  RGB24: "RGB 24",
  RAW16: "Raw 16 bit",
  Y8:    "Luma",
};

/** The element that stands for a format in CCD_CAPTURE_FORMAT. */
export const formatElement = (format: PixelFormat) => `ASI_IMG_${format}` as const;

const formatElements = ({ formats }: Sensor, { format: selected }: Capture) =>
  new Map(
    formats.map((format) => [formatElement(format), { label: FORMAT_LABELS[format], on: format === selected }]),
  );

/** The format of the pixels the camera sends. */
export const CCD_CAPTURE_FORMAT = (sensor: Sensor, capture: Capture) =>
  defineSwitches("CCD_CAPTURE_FORMAT", {
    label: "Format", group: SETTINGS, perm: "rw", rule: "OneOfMany", timeout: 60, saved: "auto",
    // Of its two names this one counts.
    buildsOn: ["CCD_VIDEO_FORMAT"],
    elements: formatElements(sensor, capture),
  });

/** The same by its older name, which old profiles and scripts know. */
export const CCD_VIDEO_FORMAT = (sensor: Sensor, capture: Capture) =>
  defineSwitches("CCD_VIDEO_FORMAT", {
    label: "Format", group: CONTROLS, perm: "rw", rule: "OneOfMany", timeout: 60, state: "Ok", saved: "auto",
    elements: formatElements(sensor, capture),
  });

/** Mirrors pictures. */
export const FLIP = ({ horizontal, vertical }: Flip) =>
  defineSwitches("FLIP", {
    label: "Flip", group: CONTROLS, perm: "rw", rule: "AnyOfMany", timeout: 60, saved: "auto",
    elements: {
      FLIP_HORIZONTAL: { label: "Horizontal", on: horizontal },
      FLIP_VERTICAL:   { label: "Vertical",   on: vertical },
    },
  });

/** The sensor's size, unbinned, and the bits of a sample as it is sent. */
export const CCD_INFO = ({ width, height, pixelSize }: Sensor, bitsPerSample: number) =>
  defineNumbers("CCD_INFO", {
    label: "CCD Information", group: INFO, perm: "ro", timeout: 60,
    elements: {
      CCD_MAX_X:        { label: "Max. Width",      format: "%.f",  min: 1, max: 16000, value: width },
      CCD_MAX_Y:        { label: "Max. Height",     format: "%.f",  min: 1, max: 16000, value: height },
      CCD_PIXEL_SIZE:   { label: "Pixel size (um)", format: "%.2f", min: 1, max: 40,    value: pixelSize },
      CCD_PIXEL_SIZE_X: { label: "Pixel size X",    format: "%.2f", min: 1, max: 40,    value: pixelSize },
      CCD_PIXEL_SIZE_Y: { label: "Pixel size Y",    format: "%.2f", min: 1, max: 40,    value: pixelSize },
      CCD_BITSPERPIXEL: { label: "Bits per pixel",  format: "%.f",  min: 8, max: 64,    value: bitsPerSample },
    },
  });

/** The colour matrix as the picture shows it; clients write the sensor's own. */
export const CCD_CFA = (pattern: BayerPattern) =>
  defineTexts("CCD_CFA", {
    label: "Bayer Info", group: INFO, perm: "rw", timeout: 60, saved: true,
    elements: {
      CFA_OFFSET_X: { label: "X Offset", value: "0" },
      CFA_OFFSET_Y: { label: "Y Offset", value: "0" },
      CFA_TYPE:     { label: "Filter",   value: pattern },
    },
  });

/** The depth of the camera's analogue-to-digital converter. */
export const ADC_DEPTH = ({ bitDepth }: Sensor) =>
  defineNumbers("ADC_DEPTH", {
    label: "ADC Depth", group: INFO, perm: "ro", timeout: 60,
    elements: { BITS: { label: "Bits", format: "%2.0f", min: 0, max: 32, step: 1, value: bitDepth } },
  });
