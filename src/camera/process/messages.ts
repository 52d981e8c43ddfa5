import { LibraryNotFoundError } from "../../asi/errors.js";
import type { OpenedCamera, VideoGeometry } from "../camera.js";
import type { CameraIdentity, CameraInfo } from "../camera-info.js";
import type { ControlType, ControlValue } from "../controls.js";
import { CameraFailure, CameraRequestError, NoLibraryError, RecordingFailure } from "../errors.js";
import type { Exposure } from "../exposures.js";
import type { FrameRate } from "../frame-rate.js";
import type { Direction } from "../guide-port.js";
import type { Picture } from "../picture.js";
import type { Preview, PreviewSettings } from "../preview.js";
import type { Recording, RecordingPlan, RecordingProgress } from "../recorder.js";
import type { Capture, Roi } from "../roi.js";
import type { UnlistedCamera } from "../unlisted.js";
import type { FeatureRequests } from "./feature-requests.js";
import type { RingLayout } from "./frame-ring.js";

/** What a camera process can be asked: arguments, answer, and news on the way. */
export interface CameraRequests extends FeatureRequests {
  /**
   * Opens the camera with the given settings on top of its defaults, after closing it where it is open; the first
   * request to a process.
   */
  open: {
    args: { identity: CameraIdentity; settings: Settings };
    result: OpenedCamera;
    news: never;
  };
  setCapture: { args: Capture; result: Capture; news: never };
  setControl: { args: ControlValue; result: ControlValue; news: never };
  readControls: { args: { types: readonly ControlType[] }; result: ControlValue[]; news: never };
  /** Takes a picture into the frame slot of that number. */
  expose: {
    args: Exposure & { slot: number; offset: number };
    result: Picture;
    news: ExposureNews;
  };
  /** Runs a video, until it is cancelled, into the shared memory with that descriptor of the daemon's. */
  video: {
    args: { part: Roi; settings: VideoSettings; bufferBytes: number; memory: number };
    result: null;
    news: VideoNews;
  };
  /** Changes how the running video is taken and shown. */
  adjustVideo: { args: VideoSettings; result: null; news: never };
  /** Records the running video until the plan is met or the request is cancelled. */
  record: { args: RecordingPlan; result: Recording; news: RecordingNews };
  /** Begins exposures without a pause. */
  startSeries: { args: Exposure; result: null; news: never };
  /** Waits for the next of them and takes it into the frame slot of that number. */
  nextPicture: { args: { slot: number; offset: number }; result: Picture; news: ExposureNews };
  /** Ends them, if there are any. */
  endSeries: { args: null; result: null; news: never };
  /** Closes a relay for that long; answers for how long it really was, in milliseconds. */
  pulse: { args: { direction: Direction; milliseconds: number }; result: number; news: never };
  /** Says that the process answers, whatever the camera is at. */
  ping: { args: null; result: null; news: never };
  /** Closes the camera; the process then ends by itself. */
  close: { args: null; result: null; news: never };
}

/** What the process that looks for cameras can be asked. */
export interface ScanRequests {
  /** Lists the attached cameras; those that are `open` in other processes are not touched. */
  scan: { args: { open: readonly CameraIdentity[] }; result: ScanResult; news: never };
}

/** What a look at the attached cameras found. */
export interface ScanResult {
  readonly libraryPath: string;
  readonly sdkVersion: string;
  /** Functions of the newest header that this library does not have. */
  readonly missingFunctions: readonly string[];
  readonly cameras: readonly CameraInfo[];
  /** Those that are on USB all the same. */
  readonly unlisted: readonly UnlistedCamera[];
}

/** What a process that replaces another one has to restore. */
export interface Settings {
  readonly capture?: Capture | undefined;
  readonly controls: readonly ControlValue[];
}

/** News of a running exposure. */
export type ExposureNews =
  /** Exposure number so much of the ones nobody gets begins. */
  | { readonly kind: "blink"; readonly number: number }
  | { readonly kind: "started"; readonly attempt: number; readonly reason?: string }
  | { readonly kind: "countdown"; readonly secondsLeft: number };

/** How a video is taken and shown. */
export interface VideoSettings {
  /** The exposure time of each frame. */
  readonly seconds: number;
  /** Whether the camera adjusts it by itself from there on. */
  readonly isAutomatic: boolean;
  /** Of so many frames one is kept. */
  readonly divisor: number;
  /** Absent where nobody looks. */
  readonly preview?: PreviewWish | undefined;
}

/** How frames are shown, and at most how many of them. */
export interface PreviewWish extends PreviewSettings {
  readonly framesPerSecond: number;
}

/** News of a running video. */
export type VideoNews =
  | { readonly kind: "started"; readonly layout: RingLayout; readonly geometry: VideoGeometry }
  | PreviewNews
  | { readonly kind: "statistics"; readonly statistics: VideoStatistics }
  | { readonly kind: "restarted"; readonly reason: string };

/** A frame to be shown. */
export interface PreviewNews {
  readonly kind: "preview";
  /** The cell of the ring that holds it; whoever gets the news lets go of it. */
  readonly cell: number;
  readonly preview: Preview;
  readonly encoding: PreviewSettings["encoding"];
  /** When the camera delivered the frame, in milliseconds since 1970. */
  readonly time: number;
}

/** How a video fares. */
export interface VideoStatistics {
  /** Frames kept a second, since the last statistics and over the last second. */
  readonly rate: FrameRate;
  /** The number of the last frame that was kept, from 1. */
  readonly frames: number;
  /** What the vendor library lost. */
  readonly dropped: number;
  /** The exposure time of now. */
  readonly seconds: number;
}

/** News of a running recording. */
export type RecordingNews =
  | { readonly kind: "opened"; readonly path: string }
  | { readonly kind: "progress"; readonly progress: RecordingProgress };

/** What a table of requests such as the two above says of each. */
export interface RequestShape {
  args: unknown;
  result: unknown;
  news: unknown;
}

/** A table of requests. */
export type Requests<R> = Record<keyof R, RequestShape>;

/** From the daemon to a child process. */
export type ToChild<R extends Requests<R>> =
  | {
      [Name in keyof R]: {
        readonly id: number;
        readonly request: Name;
        readonly args: R[Name]["args"];
      };
    }[keyof R]
  | { readonly cancel: number };

/** The environment variable of processes that are to tell of their calls of the vendor library. */
export const TRACE_VARIABLE = "INDI_ASID_TRACE_CALLS";

/** From a child process to the daemon. */
export type FromChild =
  | { readonly id: number; readonly news: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorMessage }
  /** What was called of the vendor library, a line for each call. */
  | { readonly calls: readonly string[] };

/** An error on its way between processes, its class told by `kind`. */
export interface ErrorMessage {
  readonly kind: "failure" | "recording" | "request" | "library" | "cancelled" | "bug";
  readonly message: string;
  readonly codeName?: string | undefined;
  readonly removed?: boolean;
}

/** Packs an error for the journey. */
export function packError(error: unknown, cancelled: boolean): ErrorMessage {
  if (cancelled) return { kind: "cancelled", message: "Cancelled" };
  if (error instanceof CameraFailure) {
    const { message, codeName, removed } = error;
    return { kind: "failure", message, codeName, removed };
  }
  if (error instanceof LibraryNotFoundError) return { kind: "library", message: error.message };
  if (error instanceof RecordingFailure) return { kind: "recording", message: error.message };
  if (error instanceof CameraRequestError) return { kind: "request", message: error.message };
  return {
    kind: "bug",
    message: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
  };
}

/** Restores what packError packed. */
export function unpackError({ kind, message, codeName, removed }: ErrorMessage): Error {
  switch (kind) {
    case "failure":
      return new CameraFailure(message, { codeName, removed });
    case "recording":
      return new RecordingFailure(message);
    case "request":
      return new CameraRequestError(message);
    case "library":
      return new NoLibraryError(message);
    case "cancelled":
      return new DOMException(message, "AbortError");
    case "bug":
      return new Error(message);
  }
}
