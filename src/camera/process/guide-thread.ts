import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { AsiLibrary, GuideLines } from "../../asi/index.js";
import { preferThisThread } from "../../posix/index.js";
import { CameraFailure } from "../errors.js";
import { type Direction, GUIDE_DIRECTION } from "../guide-port.js";
import { asCameraFailure } from "../sdk-queue.js";
import { traceCalls } from "./call-trace.js";
import type { GuideAnswer, GuideCommand, GuideThreadData } from "./guide-timer.js";
import { packError } from "./messages.js";

/*
 * The thread that times guide pulses and does nothing else, so that neither a frame being read nor a
 * busy event loop lengthens a pulse:
 *
 *   doorbell rings -> take commands -> switch relays that are due -> sleep until the next one is
 */

/** The last stretch before a relay is due is waited out awake, in milliseconds: sleep is not that exact. */
const AWAKE = 0.3;

/** Before another attempt to open a relay that would not, in milliseconds. */
const RETRY = 50;

const STUCK_RELAY = new CameraFailure("The relay does not open.");

interface Pulse {
  readonly id: number;
  readonly direction: Direction;
  readonly started: number;
  readonly ends: number;
}

function isGuideThreadData(data: unknown): data is GuideThreadData {
  return typeof data === "object" && data !== null && "doorbell" in data;
}

function isGuideCommand(message: unknown): message is GuideCommand {
  return typeof message === "object" && message !== null && "kind" in message;
}

function answer(message: GuideAnswer): void {
  parentPort?.postMessage(message);
}

/** Closes the relay and says when it must open again. */
function begin(
  lines: GuideLines,
  { id, direction, milliseconds }: GuideCommand & { kind: "pulse" },
): Pulse[] {
  const started = performance.now();
  try {
    lines.pulseGuideOn(GUIDE_DIRECTION[direction]);
    return [{ id, direction, started, ends: started + milliseconds }];
  } catch (error) {
    answer({ id, error: packError(asCameraFailure(error), false) });
    return [];
  }
}

/**
 * Opens the relay. The time from call to call is the pulse: both calls take equally long. One that would not
 * open is still a pulse, to be ended a little later: a mount must not run away.
 */
function end(lines: GuideLines, pulse: Pulse): Pulse[] {
  const { id, direction, started } = pulse;
  const ended = performance.now();
  try {
    lines.pulseGuideOff(GUIDE_DIRECTION[direction]);
    answer({ id, milliseconds: ended - started });
    return [];
  } catch (error) {
    answer({ id, error: packError(asCameraFailure(error), false) });
    return [{ ...pulse, ends: ended + RETRY }];
  }
}

function isSameAxis(a: Direction, b: Direction): boolean {
  return (a === "north" || a === "south") === (b === "north" || b === "south");
}

function run({ libraryPath, cameraId, doorbell }: GuideThreadData): void {
  const lines = new GuideLines(
    traceCalls(AsiLibrary.load(libraryPath), (call) => answer({ call })),
    cameraId,
  );
  const bell = new Int32Array(doorbell);
  let pulses: Pulse[] = [];

  const endWhere = (isOver: (pulse: Pulse) => boolean) => {
    pulses = pulses.flatMap((pulse) => (isOver(pulse) ? end(lines, pulse) : [pulse]));
  };

  for (;;) {
    const rings = Atomics.load(bell, 0);
    for (;;) {
      const command = parentPort === null ? undefined : receiveMessageOnPort(parentPort)?.message;
      if (!isGuideCommand(command)) break;
      if (command.kind === "close") {
        endWhere(() => true);
        return;
      }
      if (command.kind === "release") {
        endWhere(({ id }) => id === command.id);
      } else {
        // One relay of an axis at a time: the older pulse gives way.
        const isRival = ({ direction }: Pulse) => isSameAxis(direction, command.direction);
        endWhere(isRival);
        if (pulses.some(isRival)) answer({ id: command.id, error: packError(STUCK_RELAY, false) });
        else pulses.push(...begin(lines, command));
      }
    }
    const next = Math.min(...pulses.map(({ ends }) => ends));
    const left = next - performance.now();
    if (left > AWAKE) {
      Atomics.wait(bell, 0, rings, left - AWAKE);
      continue;
    }
    while (performance.now() < next) {
      // Awake on purpose.
    }
    const now = performance.now();
    endWhere(({ ends }) => ends <= now);
  }
}

if (isGuideThreadData(workerData)) {
  preferThisThread();
  run(workerData);
}
