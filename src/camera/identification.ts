import type { CameraIdentity, CameraInfo } from "./camera-info.js";
import { isDistinct } from "./camera-info.js";

/** What a camera tells of itself once it is open. */
export type Distinction = Pick<CameraInfo, "serial" | "flashId">;

/** What is known besides the library's list. */
export interface Surroundings {
  /** The cameras that are open in other processes of ours. */
  readonly open: readonly CameraIdentity[];
  /** The USB ports with a camera of that name, in the order in which the library lists them. */
  ports(name: string): readonly string[];
  /** Opens a camera to read what tells it apart; undefined where another program has it. */
  read(camera: CameraInfo): Promise<Distinction | undefined>;
}

/**
 * Tells which of the listed cameras is which.
 *
 * The library numbers cameras for each process by itself, so that only their count says which of several equal
 * ones are open elsewhere: no more cameras are opened than are closed, likely ones first. Where open ones of a
 * model are missing, all of them are answered: which one it is only they themselves can tell.
 */
export async function identify(
  listed: readonly CameraInfo[],
  surroundings: Surroundings,
): Promise<CameraInfo[]> {
  const identified: CameraInfo[] = [];
  for (const name of new Set(listed.map((camera) => camera.name))) {
    const equal = listed.filter((camera) => camera.name === name);
    const open = surroundings.open.filter((camera) => camera.name === name);
    identified.push(...(await identifyEqual(equal, open, surroundings)));
  }
  return identified;
}

async function identifyEqual(
  listed: readonly CameraInfo[],
  open: readonly CameraIdentity[],
  { ports, read }: Surroundings,
): Promise<CameraInfo[]> {
  const [first] = listed;
  if (first === undefined) return [];
  const isLikelyOpen = ({ cameraId }: CameraInfo) => open.some((one) => one.cameraId === cameraId);
  const candidates = listed.toSorted((a, b) => Number(isLikelyOpen(a)) - Number(isLikelyOpen(b)));
  const closed = new Map<CameraInfo, Distinction>();
  for (const camera of candidates) {
    if (closed.size >= listed.length - open.length) break;
    const distinction = await read(camera);
    if (distinction !== undefined) closed.set(camera, distinction);
  }
  const others = listed.filter((camera) => !closed.has(camera));
  const opened = open.map(({ cameraId, serial, flashId, port }, index) => {
    return { ...(others[index] ?? first), cameraId, serial, flashId, port };
  });
  const places = ports(first.name);
  const placed = (camera: CameraInfo, distinction: Distinction): CameraInfo => {
    const { serial, flashId } = distinction;
    const isMapped = !isDistinct(distinction) && places.length === listed.length;
    return {
      ...camera,
      serial,
      flashId,
      port: isMapped ? places[listed.indexOf(camera)] : undefined,
    };
  };
  return [
    ...opened,
    ...[...closed].map(([camera, distinction]) => placed(camera, distinction)),
    // Another program has these.
    ...others.slice(open.length).map((camera) => placed(camera, {})),
  ];
}
