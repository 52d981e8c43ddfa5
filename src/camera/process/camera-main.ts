import { AsiLibrary } from "../../asi/index.js";
import {
  exactSleep,
  hasPages,
  mapMemory,
  populateMemory,
  shareHeap,
  timeOfDay,
} from "../../posix/index.js";
import { Camera } from "../camera.js";
import { systemClock } from "../clock.js";
import { CameraRequestError } from "../errors.js";
import { traceCalls } from "./call-trace.js";
import { serve, tellCall } from "./channel.js";
import { featureHandlers } from "./feature-requests.js";
import { GuideTimer } from "./guide-timer.js";
import type { CameraRequests } from "./messages.js";
import { Turner } from "./turner.js";
import { VideoSession } from "./video-session.js";

/*
 * A process for one camera: requests come over Node's IPC channel, pictures leave in shared memory.
 *
 * Arguments: the path of the vendor library, the bytes of a frame slot, the number of slots.
 * The slots are descriptors 4, 5, ...
 */

/** The first inherited descriptor: standard streams and the IPC channel come before it. */
const FIRST_SLOT = 4;

/** When the daemon is gone, the camera has this long to close, in milliseconds. */
const CLOSE_GRACE = 2_000;

shareHeap();

const [libraryPath = "", slotBytes = "0", slotCount = "0"] = process.argv.slice(2);
const slots = Array.from({ length: Number(slotCount) }, (_, index) =>
  mapMemory(FIRST_SLOT + index, Number(slotBytes)),
);
const clock = { ...systemClock, timeOfDay, sleep: exactSleep };
const turner = new Turner();
let opened: { camera: Camera; guide: GuideTimer } | undefined;
let video: VideoSession | undefined;

function camera(): { camera: Camera; guide: GuideTimer } {
  if (opened === undefined) throw new CameraRequestError("The camera is not open.");
  return opened;
}

function runningVideo(): VideoSession {
  if (video === undefined) throw new CameraRequestError("No video is running.");
  return video;
}

function slotMemory(slot: number): Uint8Array {
  const memory = slots[slot];
  if (memory === undefined) throw new CameraRequestError(`There is no frame slot ${slot}.`);
  return memory;
}

async function close(): Promise<void> {
  const closing = opened;
  opened = undefined;
  await video?.end("The camera is being closed.");
  await closing?.guide.close();
  await closing?.camera.close();
}

serve<CameraRequests>({
  async open({ identity, settings }) {
    await close().catch(() => undefined);
    const library = traceCalls(AsiLibrary.load(libraryPath), tellCall);
    const camera = await Camera.open(library, identity, clock, (samples) => turner.turn(samples));
    opened = { camera, guide: new GuideTimer(libraryPath, camera.id, tellCall) };
    for (const control of settings.controls) await camera.setControl(control);
    if (settings.capture !== undefined) await camera.setCapture(settings.capture);
    return camera.describe();
  },
  setCapture: (capture) => camera().camera.setCapture(capture),
  setControl: (control) => camera().camera.setControl(control),
  readControls: ({ types }) => camera().camera.readControls(types),
  async expose({ slot, offset, ...exposure }, { signal, news }) {
    const { camera: exposing } = camera();
    const pixels = slotMemory(slot).subarray(offset);
    // While the exposure runs there is time for what the read-out would wait for.
    if (!hasPages(FIRST_SLOT + slot, offset + exposing.frameBytes)) {
      void populateMemory(pixels.subarray(0, exposing.frameBytes));
    }
    return exposing.exposures.expose(
      exposure,
      pixels,
      {
        onBlink: (number) => news({ kind: "blink", number }),
        onStart: (start) => news({ kind: "started", ...start }),
        onCountdown: (secondsLeft) => news({ kind: "countdown", secondsLeft }),
      },
      signal,
    );
  },
  async startSeries(exposure) {
    await camera().camera.exposures.startSeries(exposure);
    return null;
  },
  nextPicture({ slot, offset }, { signal, news }) {
    news({ kind: "started", attempt: 1 });
    return camera().camera.exposures.nextPicture(
      slotMemory(slot).subarray(offset),
      (secondsLeft) => news({ kind: "countdown", secondsLeft }),
      signal,
    );
  },
  async endSeries() {
    await opened?.camera.exposures.endSeries();
    return null;
  },
  async video(args, { signal, news }) {
    const session = new VideoSession(args, clock, news);
    video = session;
    try {
      await session.run(camera().camera, signal);
      return null;
    } finally {
      if (video === session) video = undefined;
    }
  },
  async adjustVideo(settings) {
    runningVideo().adjust(settings);
    return null;
  },
  record: async (plan, { signal, news }) => runningVideo().record(plan, news, signal),
  ...featureHandlers(() => camera().camera),
  pulse: ({ direction, milliseconds }, { signal }) =>
    camera().guide.pulse(direction, milliseconds, signal),
  async ping() {
    return null;
  },
  async close() {
    await close();
    return null;
  },
});

// A terminal's Ctrl-C and a service manager's stop reach the whole group; the daemon decides what ends.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// systemctl kill sends to the whole group what asks the daemon for diagnostics.
process.on("SIGUSR2", () => undefined);
// A file that reaches the largest size allowed is an error of that write, not the end of the process.
process.on("SIGXFSZ", () => undefined);
process.once("disconnect", () => {
  // Not process.exit: that waits for library calls that may never return.
  const end = () => process.kill(process.pid, "SIGKILL");
  setTimeout(end, CLOSE_GRACE);
  close().then(end, end);
});
