import { setTimeout as delay } from "node:timers/promises";
import type { Rig } from "./daemon.js";

/** One call of the simulated vendor library, as its trace tells. */
export interface Call {
  /** When it began, in milliseconds of CLOCK_MONOTONIC. */
  readonly at: number;
  readonly pid: number;
  /** The number of the camera: its place in the list of models. */
  readonly camera: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
}

/** How long a relay of the guide port was closed. */
export interface RelayTime {
  readonly direction: string;
  /** Milliseconds of CLOCK_MONOTONIC. */
  readonly closed: number;
  readonly opened: number;
}

/** The directions by ASI_GUIDE_DIRECTION. */
const DIRECTIONS = ["north", "south", "east", "west"];

const LINE = /^(\d+)\.(\d{9}) \d+ (\d+) (\d+) (\w+) ?(.*?) = (\S+)$/;

/** The calls made for one camera so far, oldest first. */
export function callsFor(rig: Rig, camera: number): Call[] {
  return rig.trace().flatMap((line) => {
    const [, seconds, nanoseconds, pid, number, name, args, result] = LINE.exec(line) ?? [];
    if (name === undefined || result === undefined || Number(number) !== camera) return [];
    const at = Number(seconds) * 1e3 + Number(nanoseconds) / 1e6;
    return [{ at, pid: Number(pid), camera, name, args: args?.split(" ") ?? [], result }];
  });
}

/** The process that has a camera open now. */
export function cameraProcess(rig: Rig, camera: number): number {
  const pid = callsFor(rig, camera).findLast(({ name }) => name === "ASIInitCamera")?.pid;
  if (pid === undefined) throw new Error(`Camera ${camera} was never opened`);
  return pid;
}

/** When relays of a camera were closed and opened again; one that never opened again has Infinity. */
export function relayTimes(calls: readonly Call[]): RelayTime[] {
  const switches = calls.filter(
    ({ name, result }) => /^ASIPulseGuide/.test(name) && result === "0",
  );
  return switches.flatMap(({ name, at, args }, index) => {
    if (name !== "ASIPulseGuideOn") return [];
    const opening = switches
      .slice(index)
      .find((later) => later.name === "ASIPulseGuideOff" && later.args.at(-1) === args.at(-1));
    const direction = DIRECTIONS[Number(args.at(-1))] ?? "unknown";
    return [{ direction, closed: at, opened: opening?.at ?? Number.POSITIVE_INFINITY }];
  });
}

/** The relays that are closed at this moment, as `asi-sim status` shows them: N, S, E, W or `-` each. */
export function closedRelays(rig: Rig, camera: number): string {
  const row = rig.steer("status").split("\n")[camera + 1];
  return /\S+$/.exec(row ?? "")?.[0] ?? "";
}

/** Waits until something is so; fails with what was waited for when it is not so in time. */
export async function eventually(
  what: string,
  isSo: () => boolean,
  milliseconds = 10_000,
): Promise<void> {
  for (const deadline = performance.now() + milliseconds; !isSo(); await delay(5)) {
    if (performance.now() > deadline) throw new Error(`Not in ${milliseconds} ms: ${what}`);
  }
}
