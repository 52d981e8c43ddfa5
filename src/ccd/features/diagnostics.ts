import type { Clock } from "../../camera/clock.js";
import type { CameraCounters } from "../../camera/process/counters.js";
import type { Connection } from "../../indi/connection.js";
import type { Traffic } from "../../indi/traffic.js";
import { CAMERA_COUNTERS, CLIENT_COUNTERS, GUIDE_COUNTERS } from "./definitions.js";

/** Clients are told no more often, in milliseconds. */
const PERIOD = 5_000;

const MEGABYTE = 1e6;

/** What is counted, and where. */
interface Counted {
  readonly camera: CameraCounters;
  readonly hasGuidePort: boolean;
  /** What goes to all clients of the program. */
  readonly traffic: Traffic;
  clients(): number;
}

/** Shows clients what has come of the camera, its guide port and the clients themselves so far. */
export function diagnostics(
  connection: Connection,
  clock: Clock,
  { camera, hasGuidePort, traffic, clients }: Counted,
): void {
  const cameraCounters = connection.add(CAMERA_COUNTERS);
  const guideCounters = hasGuidePort ? connection.add(GUIDE_COUNTERS) : undefined;
  const clientCounters = connection.add(CLIENT_COUNTERS);

  function show(): void {
    cameraCounters.publish(
      {
        EXPOSURES: camera.exposures,
        FAILURES: camera.failures,
        RETRIES: camera.retries,
        RECOVERIES: camera.recoveries,
        MEGABYTES: wholeMegabytes(camera.bytes),
        FRAMES: camera.frames,
        FRAMES_LOST: camera.framesLost,
        FRAMES_LEFT_OUT: camera.framesLeftOut,
      },
      "Ok",
    );
    guideCounters?.publish({ PULSES: camera.pulses, WORST_ERROR: camera.worstPulseError }, "Ok");
    clientCounters.publish(
      {
        CLIENTS: clients(),
        MEGABYTES: wholeMegabytes(traffic.sent),
        HANDED_OVER: wholeMegabytes(traffic.handedOver),
        FRAMES_REPLACED: traffic.framesReplaced,
      },
      "Ok",
    );
  }

  async function follow(): Promise<void> {
    while (!connection.signal.aborted) {
      show();
      await clock.sleep(PERIOD, connection.signal).catch(() => undefined);
    }
  }
  void follow();
}

/** Whole ones, or telling how much was sent would be news each time. */
function wholeMegabytes(bytes: number): number {
  return Math.floor(bytes / MEGABYTE);
}
