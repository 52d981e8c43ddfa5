import type { Clock } from "./clock.js";
import { CONTROL } from "./controls.js";
import { countDown } from "./countdown.js";
import { CameraFailure, isTimeout } from "./errors.js";
import type { Hardware, Snap, SnapEvents } from "./exposure.js";
import type { Features, TriggerMode } from "./features.js";

/** How long one call waits for the picture, in milliseconds: an abort is noticed after it. */
const WAIT = 200;

/** How often to tell that nothing has happened yet, in milliseconds. */
const NEWS_PERIOD = 1_000;

const isSoft = (mode: TriggerMode) => mode === "SOFT_EDGE" || mode === "SOFT_LEVEL";

/**
 * Takes one picture of a camera in a trigger mode into `pixels`: it comes as a video of one frame.
 *
 * In the soft modes the trigger is given here; otherwise the wait for the signal lasts until it comes or `signal`
 * aborts. Returns the time of day of the start in milliseconds: of the trigger, or, for signals from
 * outside, as far before the picture's arrival as the exposure lasts.
 */
export async function takeTriggered(
  { asi, sdk, clock }: Hardware,
  features: Features,
  snap: Snap,
  pixels: Uint8Array,
  events: SnapEvents,
  signal: AbortSignal,
): Promise<number> {
  const { mode } = features;
  const exposure = snap.seconds * 1000;
  await sdk.run(() => asi.setControlValue(CONTROL.exposure, Math.round(snap.seconds * 1e6)));
  await sdk.run(() => asi.startVideoCapture());
  try {
    events.onStart({ attempt: 1 });
    const startedAt = clock.timeOfDay();
    if (isSoft(mode)) await trigger(clock, features, exposure, events, signal);
    const since = clock.now();
    let toldAt = since;
    for (;;) {
      signal.throwIfAborted();
      if (await isThere(() => sdk.run(() => asi.getVideoData(pixels, WAIT)))) break;
      // A library that gives up at once must not cost a core.
      await clock.sleep(1, signal);
      const now = clock.now();
      if (isSoft(mode)) {
        if (now <= since + snap.readoutAllowance) continue;
        throw new CameraFailure("The camera did not deliver the picture it was triggered for.");
      }
      if (now - toldAt < NEWS_PERIOD) continue;
      toldAt = now;
      events.onCountdown(snap.seconds);
    }
    return isSoft(mode) ? startedAt : clock.timeOfDay() - exposure;
  } finally {
    await sdk.overtake(() => asi.stopVideoCapture()).catch(() => undefined);
  }
}

/** Triggers an exposure of so many milliseconds, and settles at its end. */
async function trigger(
  clock: Clock,
  features: Features,
  exposure: number,
  events: SnapEvents,
  signal: AbortSignal,
): Promise<void> {
  await features.softTrigger(true);
  try {
    const onSecond = (secondsLeft: number) => events.onCountdown(secondsLeft);
    await countDown(clock, { end: clock.now() + exposure, onSecond }, signal);
  } finally {
    // The level is what exposes: an abort releases it too.
    if (features.mode === "SOFT_LEVEL") await features.softTrigger(false);
  }
  events.onCountdown(0);
}

async function isThere(fetch: () => Promise<void>): Promise<boolean> {
  try {
    await fetch();
    return true;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return false;
  }
}
