import { onTestFinished } from "vitest";
import type { CameraInfo } from "../../src/camera/camera-info.js";
import type { Launch } from "../../src/camera/process/camera-process.js";
import { RemoteCamera } from "../../src/camera/process/remote-camera.js";
import { Scanner } from "../../src/camera/process/scanner.js";
import { ROOM } from "../../src/ccd/image.js";
import { PROGRAMS, Rig } from "./daemon.js";

// A process runs what was built; the tests themselves run the source.
const BUILT = new URL("../../dist/camera/process/", import.meta.url);

/** Simulated cameras, found but not opened. */
export interface FoundCameras {
  readonly rig: Rig;
  readonly launch: Launch;
  readonly cameras: readonly CameraInfo[];
}

/** Simulates cameras of these models for one test; their pictures are the test pattern. */
export async function findCameras(
  models: string,
  env: Readonly<Record<string, string>> = {},
): Promise<FoundCameras> {
  const found = await simulateCameras(models, env);
  onTestFinished(() => found.rig.remove());
  return found;
}

/** Simulates a camera, whose rig whoever asks is to remove. */
export async function attachedTo(
  model: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<FoundCameras, "cameras"> & { readonly info: CameraInfo }> {
  const { rig, launch, cameras } = await simulateCameras(model, env);
  const [info] = cameras;
  if (info === undefined) throw new Error(`There is no ${model}.`);
  return { rig, launch, info };
}

async function simulateCameras(
  models: string,
  env: Readonly<Record<string, string>>,
): Promise<FoundCameras> {
  const rig = new Rig(models, { ASI_SIM_PATTERN: "1", ...env });
  const scanner = new Scanner(PROGRAMS.simulator, rig.env, {
    entry: new URL("scan-main.js", BUILT),
  });
  const { cameras } = await scanner.scan([]);
  await scanner.close();
  const entry = new URL("camera-main.js", BUILT);
  return { rig, launch: { libraryPath: PROGRAMS.simulator, env: rig.env, entry }, cameras };
}

/** A simulated camera at work in a process of its own. */
export interface OpenCamera {
  readonly rig: Rig;
  readonly launch: Launch;
  readonly info: CameraInfo;
  readonly camera: RemoteCamera;
}

/** Simulates a camera and opens it in a process of its own until the test ends. */
export async function openCamera(
  model: string,
  env: Readonly<Record<string, string>> = {},
): Promise<OpenCamera> {
  const { rig, launch, cameras } = await findCameras(model, env);
  const [info] = cameras;
  if (info === undefined) throw new Error(`There is no ${model}.`);
  const camera = await RemoteCamera.open(launch, info, info.sensor, ROOM);
  onTestFinished(() => camera.close());
  return { rig, launch, info, camera };
}
