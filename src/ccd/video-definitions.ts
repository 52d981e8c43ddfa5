import { join } from "node:path";
import { defineNumbers, defineSwitches, defineTexts } from "../indi/definition.js";
import { INDI_SWITCH } from "./definitions.js";

/*
 * The group Streaming as the C++ driver shows it. Where a definition differs, docs/properties.md says why.
 */

const GROUP = "Streaming";

/** Turns the live stream on and off. */
export const CCD_VIDEO_STREAM = defineSwitches("CCD_VIDEO_STREAM", {
  label: "Video Stream",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  elements: { STREAM_ON: { label: "Stream On" }, STREAM_OFF: { label: "Stream Off", on: true } },
});

/** How deep the live frames of a 16-bit format are; recordings always are as deep as the format. */
export const STREAM_FULL_DEPTH = defineSwitches("STREAM_FULL_DEPTH", {
  label: "Stream Depth",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  saved: "auto",
  elements: {
    FULL_DEPTH_8BIT: { label: "8-bit", on: true },
    FULL_DEPTH_16BIT: { label: "16-bit" },
  },
});

/** Seconds from the camera's delivery of a live frame until the last client had it. */
export const STREAM_DELAY = defineNumbers("STREAM_DELAY", {
  label: "Video Stream Delay",
  group: GROUP,
  perm: "ro",
  elements: {
    STREAM_DELAY_TIME: { label: "Delay (s)", format: "%.3f", min: 0, max: 60, step: 0.001 },
  },
});

/** The exposure time of a frame, and how many frames become one: every so many-th is kept. */
export const STREAMING_EXPOSURE = defineNumbers("STREAMING_EXPOSURE", {
  label: "Expose",
  group: GROUP,
  perm: "rw",
  timeout: 60,
  elements: {
    STREAMING_EXPOSURE_VALUE: {
      label: "Duration (s)",
      format: "%.6f",
      min: 1e-6,
      max: 60,
      step: 0.1,
      value: 0.1,
    },
    STREAMING_DIVISOR_VALUE: { label: "Divisor", format: "%.f", min: 1, max: 15, step: 1 },
  },
});

/**
 * Whether the camera adjusts the exposure time of videos by itself, up to its AutoExpMaxExpMS and towards its
 * AutoExpTargetBrightness; not in the C++ driver.
 */
export const STREAM_AUTO_EXPOSURE = defineSwitches("STREAM_AUTO_EXPOSURE", {
  label: "Auto exposure",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  elements: INDI_SWITCH,
});

/** Frames a second that the camera delivers and the divisor keeps. */
export const FPS = defineNumbers("FPS", {
  label: "FPS",
  group: GROUP,
  perm: "ro",
  timeout: 60,
  elements: {
    EST_FPS: { label: "Instant.", format: "%.2f", min: 0, max: 999, value: 30 },
    AVG_FPS: { label: "Average (1 sec.)", format: "%.2f", min: 0, max: 999, value: 30 },
  },
});

/** Starts and stops a recording. */
export const RECORD_STREAM = defineSwitches("RECORD_STREAM", {
  label: "Video Record",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  elements: {
    RECORD_ON: { label: "Record On" },
    RECORD_DURATION_ON: { label: "Record (Duration)" },
    RECORD_FRAME_ON: { label: "Record (Frames)" },
    RECORD_OFF: { label: "Record Off", on: true },
  },
});

/** Where recordings go; both texts may hold the marks of recordPath. */
export const RECORD_FILE = (directory: string) =>
  defineTexts("RECORD_FILE", {
    label: "Record File",
    group: GROUP,
    perm: "rw",
    saved: true,
    elements: {
      RECORD_FILE_DIR: { label: "Dir.", value: join(directory, "Videos/indi__D_") },
      RECORD_FILE_NAME: { label: "Name", value: "indi_record__T_" },
    },
  });

/** When recordings end by themselves. */
export const RECORD_OPTIONS = defineNumbers("RECORD_OPTIONS", {
  label: "Record Options",
  group: GROUP,
  perm: "rw",
  timeout: 60,
  saved: true,
  elements: {
    RECORD_DURATION: {
      label: "Duration (sec)",
      format: "%.3f",
      min: 0.001,
      max: 999999,
      step: 0,
      value: 1,
    },
    RECORD_FRAME_TOTAL: {
      label: "Frames",
      format: "%.f",
      min: 1,
      max: 999999999,
      step: 1,
      value: 30,
    },
  },
});

/** Which part of the frame is streamed and recorded, in binned pixels of the frame. */
export const CCD_STREAM_FRAME = (width: number, height: number) =>
  defineNumbers("CCD_STREAM_FRAME", {
    label: "Frame",
    group: GROUP,
    perm: "rw",
    timeout: 60,
    state: "Ok",
    elements: {
      X: { label: "Left", format: "%.f", min: 0, max: width - 1 },
      Y: { label: "Top", format: "%.f", min: 0, max: height - 1 },
      WIDTH: { label: "Width", format: "%.f", min: 10, max: width, value: width },
      HEIGHT: { label: "Height", format: "%.f", min: 10, max: height, value: height },
    },
  });

/** How live frames are encoded. */
export const CCD_STREAM_ENCODER = defineSwitches("CCD_STREAM_ENCODER", {
  label: "Encoder",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  saved: true,
  elements: { RAW: { label: "RAW", on: true }, MJPEG: { label: "MJPEG" } },
});

/** The format of recordings. */
export const CCD_STREAM_RECORDER = defineSwitches("CCD_STREAM_RECORDER", {
  label: "Recorder",
  group: GROUP,
  perm: "rw",
  rule: "OneOfMany",
  saved: true,
  elements: { SER: { label: "SER", on: true } },
});

/**
 * Memory for frames that wait for the disk, and how many live frames are sent a second. The C++ driver
 * ends at 120 live frames; here the wire is the limit.
 */
export const LIMITS = defineNumbers("LIMITS", {
  label: "Limits",
  group: GROUP,
  perm: "rw",
  saved: true,
  elements: {
    LIMITS_BUFFER_MAX: {
      label: "Maximum Buffer Size (MB)",
      format: "%.0f",
      min: 1,
      max: 65536,
      step: 1,
      value: 512,
    },
    LIMITS_PREVIEW_FPS: {
      label: "Maximum Preview FPS",
      format: "%.0f",
      min: 1,
      max: 10000,
      step: 1,
      value: 10,
    },
  },
});

/** The number of the last frame kept, and how many frames the camera's library lost (ASIGetDroppedFrames). */
export const STREAM_STATS = defineNumbers("STREAM_STATS", {
  label: "Frames",
  group: GROUP,
  perm: "ro",
  elements: {
    FRAME_NUMBER: { label: "Frame number", format: "%.f", min: 0, max: Number.MAX_SAFE_INTEGER },
    FRAMES_DROPPED: {
      label: "Lost by camera",
      format: "%.f",
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    },
  },
});

/** How far a recording is: frames in the file, and frames left out because the disk was too slow. */
export const RECORD_STATS = defineNumbers("RECORD_STATS", {
  label: "Recorded",
  group: GROUP,
  perm: "ro",
  elements: {
    FRAMES_RECORDED: { label: "Frames", format: "%.f", min: 0, max: Number.MAX_SAFE_INTEGER },
    FRAMES_LEFT_OUT: { label: "Left out", format: "%.f", min: 0, max: Number.MAX_SAFE_INTEGER },
  },
});
