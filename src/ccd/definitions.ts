import type { CameraInfo } from "../camera/camera-info.js";
import type { Control } from "../camera/controls.js";
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
export const INDI_SWITCH = {
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

/** The telescope, for the header. */
export const SCOPE_INFO = defineNumbers("SCOPE_INFO", {
  label: "Scope", group: OPTIONS, perm: "rw", timeout: 60, saved: "auto",
  elements: {
    FOCAL_LENGTH: { label: "Focal Length (mm)", format: "%g", min: 0, max: 10000, step: 1 },
    APERTURE:     { label: "Aperture (mm)",     format: "%g", min: 0, max: 3000,  step: 1 },
  },
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
