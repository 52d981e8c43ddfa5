import type { CameraInfo } from "../camera/camera-info.js";
import type { Control } from "../camera/controls.js";
import type { Flip } from "../camera/flip.js";
import type { PixelFormat } from "../camera/pixel-format.js";
import type { Capture } from "../camera/roi.js";
import type { BayerPattern, Sensor } from "../camera/sensor.js";
import { defineBlobs, defineNumbers, defineSwitches, defineTexts } from "../indi/definition.js";

/*
 * What a camera looks like to INDI clients once it is connected, as the C++ driver shows it: names, labels,
 * groups, formats, ranges and order of elements are what clients, profiles and scripts rely on.
 * Where a definition differs, docs/properties.md says why.
 */

const MAIN = "Main Control";
const SETTINGS = "Image Settings";
const INFO = "Image Info";
const OPTIONS = "Options";
const CONTROLS = "Controls";

/** Starts an exposure; counts down while it runs. */
export const CCD_EXPOSURE = ({ min, max }: { min: number; max: number }) =>
  defineNumbers("CCD_EXPOSURE", {
    label: "Expose", group: MAIN, perm: "rw", timeout: 60,
    elements: { CCD_EXPOSURE_VALUE: { label: "Duration (s)", format: "%5.2f", min, max, step: 1, value: 1 } },
  });

/** Stops the running exposure; its picture is lost. */
export const CCD_ABORT_EXPOSURE = defineSwitches("CCD_ABORT_EXPOSURE", {
  label: "Abort", group: MAIN, perm: "rw", rule: "AtMostOne", timeout: 60,
  elements: { ABORT: { label: "Abort" } },
});

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

/** Other devices whose readings go into the headers. */
export const ACTIVE_DEVICES = defineTexts("ACTIVE_DEVICES", {
  label: "Snoop devices", group: OPTIONS, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    ACTIVE_TELESCOPE:  { label: "Telescope",   value: "Telescope Simulator" },
    ACTIVE_ROTATOR:    { label: "Rotator",     value: "Rotator Simulator" },
    ACTIVE_FOCUSER:    { label: "Focuser",     value: "Focuser Simulator" },
    ACTIVE_FILTER:     { label: "Filter",      value: "CCD Simulator" },
    ACTIVE_SKYQUALITY: { label: "Sky Quality", value: "SQM" },
  },
});

/** Adds a keyword to the header of the pictures to come. */
export const FITS_HEADER = defineTexts("FITS_HEADER", {
  label: "FITS Header", group: "General Info", perm: "wo", timeout: 60,
  elements: {
    KEYWORD_NAME:    { label: "Name" },
    KEYWORD_VALUE:   { label: "Value" },
    KEYWORD_COMMENT: { label: "Comment" },
  },
});

/** The sensor's temperature; writable where there is a cooler. */
export const CCD_TEMPERATURE = (perm: "ro" | "rw", celsius: number) =>
  defineNumbers("CCD_TEMPERATURE", {
    label: "Temperature", group: MAIN, perm, timeout: 60,
    elements: { CCD_TEMPERATURE_VALUE: { label: "Temperature (C)", format: "%5.2f", min: -50, max: 50, value: celsius } },
  });

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

/** Whether headers say which pixel shows which part of the sky. */
export const WCS_CONTROL = defineSwitches("WCS_CONTROL", {
  label: "WCS", group: "WCS", perm: "rw", rule: "OneOfMany",
  elements: { WCS_ENABLE: { label: "Enable" }, WCS_DISABLE: { label: "Disable", on: true } },
});

/** The position angle of the picture's top, not mirrored, in degrees from north over east. */
export const CCD_ROTATION = defineNumbers("CCD_ROTATION", {
  label: "Orientation", group: "WCS", perm: "rw", timeout: 60,
  elements: { CCD_ROTATION_VALUE: { label: "Angle", format: "%.2f", min: -360, max: 360, step: 1, value: 0 } },
});

/** The format pictures are packed in. */
export const CCD_TRANSFER_FORMAT = defineSwitches("CCD_TRANSFER_FORMAT", {
  label: "Encode", group: SETTINGS, perm: "rw", rule: "OneOfMany", timeout: 60, saved: "auto",
  elements: {
    FORMAT_FITS:   { label: "FITS", on: true },
    FORMAT_NATIVE: { label: "Native" },
    FORMAT_XISF:   { label: "XISF" },
  },
});

/** The two elements of a property that turns something on and off; off at first. */
const INDI_SWITCH = {
  INDI_ENABLED:  { label: "Enabled" },
  INDI_DISABLED: { label: "Disabled", on: true },
};

/** Whether pictures are compressed for clients; files on disk never are. */
export const CCD_COMPRESSION = defineSwitches("CCD_COMPRESSION", {
  label: "Compression", group: SETTINGS, perm: "rw", rule: "OneOfMany", timeout: 60, saved: true,
  elements: INDI_SWITCH,
});

/** Whether one exposure asked for is a series of them without a pause. */
export const CCD_FAST_TOGGLE = defineSwitches("CCD_FAST_TOGGLE", {
  label: "Fast Exposure", group: OPTIONS, perm: "rw", rule: "OneOfMany", saved: true,
  elements: INDI_SWITCH,
});

/** How many exposures a series has; counts down while it runs. */
export const CCD_FAST_COUNT = defineNumbers("CCD_FAST_COUNT", {
  label: "Fast Count", group: OPTIONS, perm: "rw",
  elements: { FRAMES: { label: "Frames", format: "%.f", min: 0, max: 100000, step: 1, value: 1 } },
});

/** Exposures in the dark before each picture, which nobody gets: they calm some sensors. */
export const BLINK = defineNumbers("BLINK", {
  label: "Blink", group: CONTROLS, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    BLINK_COUNT:    { label: "Blinks before exposure", format: "%2.0f", min: 0, max: 100, step: 1 },
    BLINK_DURATION: { label: "Blink duration",         format: "%2.3f", min: 0, max: 60,  step: 0.001 },
  },
});

/** Whether a camera that has failed is reset on the bus and tried once more. */
export const USB_RESET = defineSwitches("USB_RESET", {
  label: "USB Reset", group: OPTIONS, perm: "rw", rule: "OneOfMany", timeout: 60, saved: "auto", needs: "admin",
  elements: INDI_SWITCH,
});

/** Where pictures go: to clients, to this machine's disk, or to both. */
export const UPLOAD_MODE = defineSwitches("UPLOAD_MODE", {
  label: "Upload", group: OPTIONS, perm: "rw", rule: "OneOfMany", saved: true,
  elements: {
    UPLOAD_CLIENT: { label: "Client", on: true },
    UPLOAD_LOCAL:  { label: "Local" },
    UPLOAD_BOTH:   { label: "Both" },
  },
});

/** Directory and name of files; _HOME_ in the one, XXX and ISO8601 in the other are filled in. */
export const UPLOAD_SETTINGS = (directory: string) =>
  defineTexts("UPLOAD_SETTINGS", {
    label: "Upload Settings", group: OPTIONS, perm: "rw", timeout: 60, saved: true,
    elements: {
      UPLOAD_DIR:    { label: "Dir",    value: directory },
      UPLOAD_PREFIX: { label: "Prefix", value: "IMAGE_XXX" },
    },
  });

/** The last file written; there while pictures go to disk. */
export const CCD_FILE_PATH = defineTexts("CCD_FILE_PATH", {
  label: "Filename", group: INFO, perm: "ro", timeout: 60,
  elements: { FILE_PATH: { label: "Path" } },
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

/** The picture. */
export const CCD1 = defineBlobs("CCD1", {
  label: "Image Data", group: INFO, perm: "ro", timeout: 60,
  elements: { CCD1: { label: "Image" } },
});

/** What is being taken; goes into the header. */
export const CCD_FRAME_TYPE = defineSwitches("CCD_FRAME_TYPE", {
  label: "Type", group: SETTINGS, perm: "rw", rule: "OneOfMany", timeout: 60,
  elements: {
    FRAME_LIGHT: { label: "Light", on: true },
    FRAME_BIAS:  { label: "Bias" },
    FRAME_DARK:  { label: "Dark" },
    FRAME_FLAT:  { label: "Flat" },
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

/** The telescope, for the header. */
export const SCOPE_INFO = defineNumbers("SCOPE_INFO", {
  label: "Scope", group: OPTIONS, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    FOCAL_LENGTH: { label: "Focal Length (mm)", format: "%g", min: 0, max: 10000, step: 1 },
    APERTURE:     { label: "Aperture (mm)",     format: "%g", min: 0, max: 3000,  step: 1 },
  },
});

/** How hard the cooler works, in percent. */
export const CCD_COOLER_POWER = defineNumbers("CCD_COOLER_POWER", {
  label: "Cooling Power", group: MAIN, perm: "ro", timeout: 60,
  elements: { CCD_COOLER_VALUE: { label: "Cooling Power (%)", format: "%+06.2f", min: 0, max: 100, step: 1 } },
});

/** How fast the set-point moves, both ways; 0 moves it at once. The target counts as reached that close to it. */
export const CCD_TEMP_RAMP = defineNumbers("CCD_TEMP_RAMP", {
  label: "Temp. Ramp", group: MAIN, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    RAMP_SLOPE:     { label: "Max. dT (C/min)", format: "%.f",  min: 0,   max: 30, step: 1 },
    RAMP_THRESHOLD: { label: "Threshold (C)",   format: "%.1f", min: 0.1, max: 2,  step: 0.1, value: 0.2 },
  },
});

/** Whether the sensor is warmed up before a client's disconnecting leaves the camera to itself; not in the C++ driver. */
export const CCD_WARM_UP = defineSwitches("CCD_WARM_UP", {
  label: "Warm up first", group: OPTIONS, perm: "rw", rule: "OneOfMany", saved: true,
  elements: INDI_SWITCH,
});

/** The cooler's switch. */
export const CCD_COOLER = (on: boolean) =>
  defineSwitches("CCD_COOLER", {
    label: "Cooler", group: MAIN, perm: "rw", rule: "OneOfMany", saved: true,
    buildsOn: ["CCD_TEMP_RAMP"],
    elements: { COOLER_ON: { label: "ON", on }, COOLER_OFF: { label: "OFF", on: !on } },
  });

/** The camera's own controls by the names its library gives them. */
export const CCD_CONTROLS = (controls: readonly Control[]) =>
  defineNumbers("CCD_CONTROLS", {
    label: "Controls", group: CONTROLS, perm: "rw", timeout: 60, saved: "auto",
    elements: new Map(
      controls.map(({ name, min, max, value }) => {
        const step = max - min <= 1 ? 1 : (max - min) / 10;
        return [name, { label: name, format: "%g", min, max, step, value }];
      }),
    ),
  });

/** Which of the controls the camera adjusts by itself. */
export const CCD_CONTROLS_MODE = (controls: readonly Control[]) =>
  defineSwitches("CCD_CONTROLS_MODE", {
    label: "Set Auto", group: CONTROLS, perm: "rw", rule: "AnyOfMany", timeout: 60, saved: "auto",
    // A value that is set ends the automatic mode.
    buildsOn: ["CCD_CONTROLS"],
    elements: new Map(controls.map(({ name, auto }) => [`AUTO_${name}`, { label: name, on: auto }])),
  });

/** The depth of the camera's analogue-to-digital converter. */
export const ADC_DEPTH = ({ bitDepth }: Sensor) =>
  defineNumbers("ADC_DEPTH", {
    label: "ADC Depth", group: INFO, perm: "ro", timeout: 60,
    elements: { BITS: { label: "Bits", format: "%2.0f", min: 0, max: 32, step: 1, value: bitDepth } },
  });

/** The version of the vendor library. */
export const SDK = (version: string) =>
  defineTexts("SDK", {
    label: "SDK", group: "General Info", perm: "ro", timeout: 60,
    elements: { VERSION: { label: "Version", value: version } },
  });

/** The camera's serial number; the blank in the property's name is the C++ driver's. */
export const SERIAL_NUMBER = (serial: string) =>
  defineTexts("Serial Number", {
    label: "Serial Number", group: "General Info", perm: "ro", timeout: 60,
    elements: { SN: { label: "SN", value: serial } },
  });

/** Which of INDI's device classes a camera belongs to (DRIVER_INTERFACE bits: CCD 2, guider 4). */
export const driverInterface = ({ hasGuidePort }: CameraInfo) => (hasGuidePort ? 2 | 4 : 2);
