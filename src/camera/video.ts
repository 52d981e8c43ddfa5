import type { AsiCamera } from "../asi/index.js";
import { CONTROL } from "./controls.js";
import { CameraFailure, isTimeout } from "./errors.js";
import type { Hardware } from "./exposure.js";
import { readoutAllowance } from "./readout.js";

/** How often a video that stands still is started again before the camera counts as failed. */
const MAX_RESTARTS = 3;

/** Rest between a stop and the next start, in milliseconds; cameras need it to recover. */
const RESTART_PAUSE = 150;

/** How often a running video says that it is alive, in milliseconds. */
const HEARTBEAT = 400;

/**
 * Bounds of one wait for a frame, in milliseconds. The library can miss its own wake-up and sleep to the
 * end of a wait although the frame is there, and other requests want their turn; the deadline is ours.
 */
const SHORTEST_WAIT = 5;
const LONGEST_WAIT = 50;

/** Exposures longer than this, in seconds, are not waited out when another time is wanted. */
const WORTH_A_RESTART = 1;

/** What a video needs of its surroundings, and tells them. */
export interface VideoSink {
  /** The exposure time of each frame in seconds; may change at any time. */
  readonly seconds: number;
  /** Whether the camera adjusts that time by itself from there on; may change at any time. */
  readonly isAutomatic: boolean;
  /** Memory for the next frame, as large as a frame. */
  next(): Uint8Array;
  /** The memory given last holds a frame, which came at this time of day in milliseconds. */
  onFrame(time: number): void;
  /**
   * The video is alive, with frames or without; `dropped` is what the library lost since the start, `seconds` the
   * exposure time of now.
   */
  onHeartbeat(dropped: number, seconds: number): void;
  /** The video stood still or failed for that reason, and is being started again. */
  onRestart(reason: string): void;
}

/** The part of a camera that video needs. */
export interface VideoHardware extends Omit<Hardware, "asi"> {
  readonly asi: Pick<
    AsiCamera,
    | "getControlValue"
    | "setControlValue"
    | "startVideoCapture"
    | "stopVideoCapture"
    | "getVideoData"
    | "getDroppedFrames"
  >;
}

/**
 * Runs a video until `signal` aborts; throws CameraFailure when the camera cannot be made to go on.
 * `crop` moves the part of a frame that is wanted to the beginning of its memory.
 */
export async function runVideo(
  hardware: VideoHardware,
  sink: VideoSink,
  crop: (memory: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  const { asi, sdk, clock } = hardware;
  const progress = { restarts: 0, dropped: 0 };
  while (!signal.aborted) {
    try {
      await readFrames(hardware, sink, crop, progress, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CameraFailure) || error.removed) throw error;
      if (progress.restarts++ === MAX_RESTARTS) throw error;
      sink.onRestart(error.message);
    } finally {
      await sdk.run(() => asi.stopVideoCapture()).catch(() => undefined);
    }
    if (!signal.aborted) await clock.sleep(RESTART_PAUSE, signal).catch(() => undefined);
  }
}

interface Progress {
  /** How often the video was restarted without a frame in between. */
  restarts: number;
  /** Frames lost before the video was started the last time. */
  dropped: number;
}

async function readFrames(
  { asi, sdk, clock }: VideoHardware,
  sink: VideoSink,
  crop: (memory: Uint8Array) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const droppedBefore = progress.dropped;
  let { seconds, isAutomatic } = sink;
  let wanted = seconds;
  const setTime = () =>
    sdk.run(() => asi.setControlValue(CONTROL.exposure, Math.round(seconds * 1e6), isAutomatic));
  await setTime();
  await sdk.run(() => asi.startVideoCapture());
  let lastFrame = clock.now();
  let lastBeat = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (sink.seconds !== wanted || sink.isAutomatic !== isAutomatic) {
      if (seconds > WORTH_A_RESTART) return;
      ({ seconds, isAutomatic } = sink);
      wanted = seconds;
      await setTime();
      lastFrame = clock.now();
    }
    const memory = sink.next();
    if (await frameCame({ asi, sdk, clock }, memory, seconds, signal)) {
      const time = clock.timeOfDay();
      crop(memory);
      sink.onFrame(time);
      lastFrame = clock.now();
      progress.restarts = 0;
    }
    const now = clock.now();
    if (now - lastBeat >= HEARTBEAT) {
      lastBeat = now;
      progress.dropped = droppedBefore + (await sdk.run(() => asi.getDroppedFrames()));
      if (isAutomatic) {
        const { value } = await sdk.run(() => asi.getControlValue(CONTROL.exposure));
        seconds = value / 1e6;
      }
      sink.onHeartbeat(progress.dropped, seconds);
    }
    const patience = 3_000 * seconds + readoutAllowance(memory.length);
    if (now - lastFrame > patience) {
      throw new CameraFailure(`The camera sent no frame for ${(patience / 1000).toFixed(1)} s.`);
    }
  }
}

/** Waits a little for a frame. */
async function frameCame(
  { asi, sdk, clock }: VideoHardware,
  memory: Uint8Array,
  seconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const wait = Math.round(Math.min(Math.max(1_000 * seconds, SHORTEST_WAIT), LONGEST_WAIT));
  const began = clock.now();
  try {
    await sdk.run(() => asi.getVideoData(memory, wait));
    return true;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    // A library that gives up at once must not cost a core.
    const left = began + wait - clock.now();
    if (left > 1) await clock.sleep(left, signal).catch(() => undefined);
    return false;
  }
}
