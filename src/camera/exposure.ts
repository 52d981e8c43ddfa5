import { ASI_EXPOSURE_STATUS, type AsiCamera } from "../asi/index.js";
import type { Clock } from "./clock.js";
import { CONTROL } from "./controls.js";
import { countDown } from "./countdown.js";
import { CameraFailure } from "./errors.js";
import type { SdkQueue } from "./sdk-queue.js";

/** How often an exposure is started before it counts as failed. */
const MAX_STARTS = 3;

/** Rest between a failed start and the next, in milliseconds; cameras need it to recover. */
const RESTART_PAUSE = 150;

/** What it takes from the end of a sleep until the library is asked, in milliseconds. */
const WAKING = 0.4;

/** A camera and what it takes to work with it. */
export interface Hardware {
  readonly asi: AsiCamera;
  readonly sdk: SdkQueue;
  readonly clock: Clock;
}

/** One snap: what to expose, and how long the camera may take to deliver afterwards. */
export interface Snap {
  readonly seconds: number;
  /** Keeps a mechanical shutter closed, where there is one. */
  readonly dark: boolean;
  /** Milliseconds from the end of the exposure until the picture must be readable. */
  readonly readoutAllowance: number;
  /** Aborted when the exposure is to end now, with the picture of the time it had. */
  readonly finish?: AbortSignal;
}

/** What a waiting caller may want to know. */
export interface SnapEvents {
  /** The exposure runs: the first time, or again after a failure described by `reason`. */
  onStart(start: { attempt: number; reason?: string }): void;
  /**
   * Whole seconds left, once a second; 0 when the sensor is being read. While a signal from outside is waited for, all
   * seconds of the exposure are left, fractions included.
   */
  onCountdown(secondsLeft: number): void;
  /** The exposure was ended before its time, after so many seconds. */
  onFinish?(seconds: number): void;
}

/**
 * Takes one exposure up to the point where its picture can be fetched.
 *
 * A failed start or exposure is repeated (stop, pause, set the time again, start). Returns the time of
 * day of the successful start, in milliseconds. When `signal` aborts, the camera is stopped first.
 */
export async function takeSnap(
  hardware: Hardware,
  snap: Snap,
  events: SnapEvents,
  signal: AbortSignal,
): Promise<number> {
  const { asi, sdk, clock } = hardware;
  const microseconds = Math.round(snap.seconds * 1e6);
  let reason: string | undefined;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await sdk.run(() => asi.setControlValue(CONTROL.exposure, microseconds));
      const { startedAt, started } = await sdk.run(async () => {
        // Read here: the call may have waited for others.
        const times = { startedAt: clock.timeOfDay(), started: clock.now() };
        await asi.startExposure(snap.dark);
        return times;
      });
      events.onStart({ attempt, ...(reason === undefined ? {} : { reason }) });
      await untilReadable(hardware, started, snap, events, signal);
      return startedAt;
    } catch (error) {
      // Around the queue: a stop must overtake whatever call is waiting.
      await sdk.overtake(() => asi.stopExposure()).catch(() => undefined);
      signal.throwIfAborted();
      // What was to end before its time is not wanted for all of it again.
      const isFinal = attempt === MAX_STARTS || snap.finish?.aborted;
      if (isFinal || !isWorthAnotherStart(error)) throw error;
      reason = error.message;
      await clock.sleep(RESTART_PAUSE, signal);
    }
  }
}

/** The camera had all the time there was: another try is the client's to decide. */
class PictureOverdue extends CameraFailure {}

function isWorthAnotherStart(error: unknown): error is CameraFailure {
  return error instanceof CameraFailure && !error.removed && !(error instanceof PictureOverdue);
}

async function untilReadable(
  hardware: Hardware,
  started: number,
  snap: Snap,
  events: SnapEvents,
  signal: AbortSignal,
): Promise<void> {
  const { asi, sdk, clock } = hardware;
  const { finish } = snap;
  const wake = finish === undefined ? signal : AbortSignal.any([signal, finish]);
  let end = started + snap.seconds * 1000;
  const onSecond = async (secondsLeft: number) => {
    events.onCountdown(secondsLeft);
    await statusUnlessFailed(hardware);
  };
  try {
    await countDown(clock, { end, early: WAKING, onSecond }, wake);
  } catch (error) {
    if (!finish?.aborted || signal.aborted || error !== finish.reason) throw error;
    await sdk.overtake(() => asi.stopExposure());
    end = clock.now();
    events.onFinish?.((end - started) / 1000);
  }
  for (let poll = 1; ; poll++) {
    // Asked before the clock: a process that slept too long may find its picture waiting.
    const isOverdue = clock.now() > end + snap.readoutAllowance;
    const asked = statusUnlessFailed(hardware);
    // Told while the library answers.
    if (poll === 1) events.onCountdown(0);
    const status = await asked;
    if (status === ASI_EXPOSURE_STATUS.ASI_EXP_SUCCESS) return;
    if (status === ASI_EXPOSURE_STATUS.ASI_EXP_IDLE && finish?.aborted) {
      throw new CameraFailure("The camera has no picture of the exposure that was stopped.");
    }
    if (isOverdue) throw new PictureOverdue(overdue(snap));
    // Short exposures want the picture at once, slow read-outs must not cost a core.
    await clock.sleep(Math.min(poll / 4, 20), signal);
  }
}

function overdue({ readoutAllowance }: Snap): string {
  const seconds = (readoutAllowance / 1000).toFixed(1);
  return `The camera did not deliver the picture within ${seconds} s after the exposure.`;
}

async function statusUnlessFailed({ asi, sdk }: Hardware): Promise<number> {
  const status = await sdk.run(() => asi.getExpStatus());
  if (status === ASI_EXPOSURE_STATUS.ASI_EXP_FAILED) {
    throw new CameraFailure("The camera reports that the exposure failed (ASI_EXP_FAILED).");
  }
  return status;
}
