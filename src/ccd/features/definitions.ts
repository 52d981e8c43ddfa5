import type {
  GainPreset,
  GainPresetName,
  TriggerMode,
  TriggerOutput,
  TriggerPin,
} from "../../camera/features.js";
import { defineLights, defineNumbers, defineSwitches, defineTexts } from "../../indi/definition.js";
import { INDI_SWITCH } from "../definitions.js";

/*
 * What the C++ driver does not offer, in a group of its own.
 */

const CAMERA = "Camera";

/** What the camera is doing, in the words of the ASCOM camera interface; one light is on. */
export const CAMERA_STATE = defineLights("CAMERA_STATE", {
  label: "State",
  group: CAMERA,
  elements: {
    IDLE: { label: "Idle", value: "Ok" },
    WAITING: { label: "Waiting" },
    EXPOSING: { label: "Exposing" },
    READING: { label: "Reading" },
    DOWNLOAD: { label: "Download" },
    ERROR: { label: "Error" },
  },
});

/** When the last picture was started (UTC), and how many seconds it was exposed. */
export const LAST_EXPOSURE = defineTexts("LAST_EXPOSURE", {
  label: "Last exposure",
  group: CAMERA,
  perm: "ro",
  elements: { START: { label: "Start (UTC)" }, DURATION: { label: "Duration (s)" } },
});

/** What a step of the converter stands for at the gain of now, and how many electrons all of them are. */
export const SENSOR_ELECTRONS = (perAdu: number, fullWell: number) =>
  defineNumbers("SENSOR_ELECTRONS", {
    label: "Electrons",
    group: CAMERA,
    perm: "ro",
    elements: {
      ELECTRONS_PER_ADU: {
        label: "Electrons per ADU",
        format: "%.4f",
        min: 0,
        max: 1000,
        value: perAdu,
      },
      FULL_WELL: { label: "Full well (e-)", format: "%.f", min: 0, max: 10000000, value: fullWell },
    },
  });

const GAIN_LABELS: Readonly<Record<GainPresetName, string>> = {
  HIGHEST_DR: "Highest dynamic range",
  UNITY: "Unity gain",
  LOWEST_READ_NOISE: "Lowest read noise",
  LOW: "Low gain",
  MIDDLE: "Middle gain",
  HIGH: "High gain",
};

/** Gain and offset as the vendor recommends them; a switch is on while both stand there. */
export const CCD_GAIN_PRESET = (presets: readonly GainPreset[]) =>
  defineSwitches("CCD_GAIN_PRESET", {
    label: "Gain preset",
    group: CAMERA,
    perm: "rw",
    rule: "AtMostOne",
    elements: new Map(presets.map(({ name }) => [name, { label: GAIN_LABELS[name] }])),
  });

/** What is in the camera's flash memory: up to eight characters, or 16 hexadecimal digits. */
export const CAMERA_ID = (id: string) =>
  defineTexts("CAMERA_ID", {
    label: "Camera ID",
    group: CAMERA,
    perm: "rw",
    needs: "admin",
    elements: { ID: { label: "ID", value: id } },
  });

/** Whether CAMERA_ID may be written, once. */
export const CAMERA_ID_LOCK = defineSwitches("CAMERA_ID_LOCK", {
  label: "Camera ID lock",
  group: CAMERA,
  perm: "rw",
  needs: "admin",
  rule: "OneOfMany",
  elements: { LOCKED: { label: "Locked", on: true }, UNLOCKED: { label: "Unlocked" } },
});

/** Ends the running exposure and keeps its picture. */
export const CCD_STOP_EXPOSURE = defineSwitches("CCD_STOP_EXPOSURE", {
  label: "Stop and read",
  group: CAMERA,
  perm: "rw",
  rule: "AtMostOne",
  elements: { STOP: { label: "Stop" } },
});

const MODE_LABELS: Readonly<Record<TriggerMode, string>> = {
  NORMAL: "Normal",
  SOFT_EDGE: "Software edge",
  RISE_EDGE: "Rising edge",
  FALL_EDGE: "Falling edge",
  SOFT_LEVEL: "Software level",
  HIGH_LEVEL: "High level",
  LOW_LEVEL: "Low level",
};

/** What starts an exposure once it was asked for. */
export const CCD_TRIGGER_MODE = (modes: readonly TriggerMode[], selected: TriggerMode) =>
  defineSwitches("CCD_TRIGGER_MODE", {
    label: "Trigger",
    group: CAMERA,
    perm: "rw",
    rule: "OneOfMany",
    elements: new Map(
      modes.map((mode) => [mode, { label: MODE_LABELS[mode], on: mode === selected }]),
    ),
  });

/** The trigger by software, for an exposure that waits for it. */
export const CCD_SOFT_TRIGGER = defineSwitches("CCD_SOFT_TRIGGER", {
  label: "Soft trigger",
  group: CAMERA,
  perm: "rw",
  rule: "AtMostOne",
  elements: { START: { label: "Start" }, STOP: { label: "Stop" } },
});

/** The longest times of an output, in microseconds (header of the library). */
const LONGEST_OUTPUT = 2_000_000_000;

/** When an output pin gives its signal after a trigger, and for how long; none with duration 0. */
export const TRIGGER_OUT = (pin: TriggerPin, { delay, duration }: TriggerOutput) =>
  defineNumbers(`TRIGGER_OUT_${pin}`, {
    label: `Output ${pin}`,
    group: CAMERA,
    perm: "rw",
    saved: true,
    elements: {
      DELAY: { label: "Delay (us)", format: "%.f", min: 0, max: LONGEST_OUTPUT, value: delay },
      DURATION: {
        label: "Duration (us)",
        format: "%.f",
        min: 0,
        max: LONGEST_OUTPUT,
        value: duration,
      },
    },
  });

/** The level that is an output pin's signal. */
export const TRIGGER_OUT_LEVEL = (pin: TriggerPin, { high }: TriggerOutput) =>
  defineSwitches(`TRIGGER_OUT_${pin}_LEVEL`, {
    label: `Output ${pin} level`,
    group: CAMERA,
    perm: "rw",
    rule: "OneOfMany",
    saved: true,
    elements: { HIGH: { label: "High", on: high }, LOW: { label: "Low", on: !high } },
  });

/** The dark frame that the vendor library subtracts: a BMP file of the sensor's full size. */
export const DARK_SUBTRACT_FILE = defineTexts("DARK_SUBTRACT_FILE", {
  label: "Dark frame",
  group: CAMERA,
  perm: "rw",
  elements: { PATH: { label: "BMP file" } },
});

/** Whether it is subtracted, from pictures of 8 bits only. */
export const DARK_SUBTRACT = defineSwitches("DARK_SUBTRACT", {
  label: "Subtract dark",
  group: CAMERA,
  perm: "rw",
  rule: "OneOfMany",
  elements: INDI_SWITCH,
});

/** A control that is on or off, or has a brightness, as a switch. */
export const namedSwitch = (name: string, label: string, on: boolean) =>
  defineSwitches(name, {
    label,
    group: CAMERA,
    perm: "rw",
    rule: "OneOfMany",
    elements: {
      INDI_ENABLED: { label: "Enabled", on },
      INDI_DISABLED: { label: "Disabled", on: !on },
    },
  });

/** Where the receiver in the camera was at the last picture. */
export const CCD_GPS = defineNumbers("CCD_GPS", {
  label: "GPS",
  group: CAMERA,
  perm: "ro",
  elements: {
    LATITUDE: { label: "Latitude (deg)", format: "%.6f", min: -90, max: 90, value: 0 },
    LONGITUDE: { label: "Longitude (deg)", format: "%.6f", min: -180, max: 180, value: 0 },
    ALTITUDE: { label: "Altitude (m)", format: "%.1f", min: -500, max: 10000, value: 0 },
    SATELLITES: { label: "Satellites", format: "%.f", min: 0, max: 100 },
  },
});

/** When the lines GPS_START_LINE and GPS_END_LINE of the last picture were taken, to 0.1 us (UTC). */
export const CCD_GPS_TIME = defineTexts("CCD_GPS_TIME", {
  label: "GPS time",
  group: CAMERA,
  perm: "ro",
  elements: { START_LINE: { label: "Start line" }, END_LINE: { label: "End line" } },
});

const DIAGNOSTICS = "Diagnostics";

const counter = (label: string) => ({ label, format: "%.f", min: 0, max: 1e12 });

/** What has come of the camera since its device appeared. */
export const CAMERA_COUNTERS = defineNumbers("CAMERA_COUNTERS", {
  label: "Camera",
  group: DIAGNOSTICS,
  perm: "ro",
  elements: {
    EXPOSURES: counter("Exposures"),
    FAILURES: counter("Failed exposures"),
    RETRIES: counter("Exposures begun anew"),
    RECOVERIES: counter("Recoveries"),
    MEGABYTES: counter("Pictures (MB)"),
    FRAMES: counter("Video frames"),
    FRAMES_LOST: counter("Frames lost"),
    FRAMES_LEFT_OUT: counter("Frames not recorded"),
  },
});

/** Guide pulses since the device appeared, and by how much the worst was too long or too short. */
export const GUIDE_COUNTERS = defineNumbers("GUIDE_COUNTERS", {
  label: "Guide pulses",
  group: DIAGNOSTICS,
  perm: "ro",
  elements: {
    PULSES: counter("Pulses"),
    WORST_ERROR: { label: "Worst error (ms)", format: "%.3f", min: 0, max: 60000 },
  },
});

/** The clients of the program, and what it has sent since it started. */
export const CLIENT_COUNTERS = defineNumbers("CLIENT_COUNTERS", {
  label: "Clients",
  group: DIAGNOSTICS,
  perm: "ro",
  elements: {
    CLIENTS: counter("Clients"),
    MEGABYTES: counter("Sent (MB)"),
    HANDED_OVER: counter("By descriptor (MB)"),
    FRAMES_REPLACED: counter("Live frames replaced"),
  },
});
