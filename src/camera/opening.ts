import { AsiCamera, type AsiLibrary, cameraProperty, numOfConnectedCameras } from "../asi/index.js";
import {
  type CameraIdentity,
  type CameraInfo,
  isBlank,
  isDistinct,
  toCameraInfo,
} from "./camera-info.js";
import { type ControlInfo, toControlInfo } from "./controls.js";
import { CameraFailure } from "./errors.js";
import type { Distinction } from "./identification.js";
import { plausibleControl, plausibleCount, plausibleProperty } from "./plausibility.js";
import type { SdkQueue } from "./sdk-queue.js";

/** A camera just opened and initialised. */
export interface Opening {
  readonly asi: AsiCamera;
  readonly info: CameraInfo;
  readonly controls: readonly ControlInfo[];
}

/**
 * Opens the attached camera of that identity.
 *
 * The library numbers cameras anew when the set of them changes, so the serial number decides where there
 * is one, and the number is only where the search begins. The library must be asked for its cameras in
 * every process before it opens any.
 */
export async function openByIdentity(
  library: AsiLibrary,
  sdk: SdkQueue,
  identity: CameraIdentity,
): Promise<Opening> {
  const attached = await attachedCameras(library, sdk);
  const candidates = attached
    .filter(({ name }) => name === identity.name)
    .sort((a, b) => rank(a, identity) - rank(b, identity));
  let failure: unknown;
  for (const info of candidates) {
    const asi = new AsiCamera(library, info.cameraId);
    try {
      await sdk.run(() => asi.open());
    } catch (error) {
      failure = error;
      continue;
    }
    try {
      if (!(await isThis(sdk, asi, info, identity))) {
        await sdk.run(() => asi.close());
        continue;
      }
      await sdk.run(() => asi.init());
      const controls = await readControlInfos(sdk, asi);
      const { serial, flashId, port } = identity;
      return { asi, info: { ...info, serial, flashId, port }, controls };
    } catch (error) {
      await sdk.run(() => asi.close()).catch(() => undefined);
      throw error;
    }
  }
  if (failure !== undefined) throw failure;
  const serial = identity.serial === undefined ? "" : ` with serial number ${identity.serial}`;
  throw new CameraFailure(`${identity.name}${serial} is not attached.`, { removed: true });
}

/** Every camera the library sees now, without opening any. */
export async function attachedCameras(library: AsiLibrary, sdk: SdkQueue): Promise<CameraInfo[]> {
  return sdk.run(async () => {
    const count = plausibleCount("cameras", await numOfConnectedCameras(library), 0);
    const cameras: CameraInfo[] = [];
    for (let index = 0; index < count; index++) {
      cameras.push(toCameraInfo(plausibleProperty(await cameraProperty(library, index))));
    }
    return cameras;
  });
}

/** The serial number of an opened camera as hexadecimal digits; undefined where it has none. */
async function readSerial(sdk: SdkQueue, asi: AsiCamera): Promise<string | undefined> {
  try {
    const digits = Buffer.from(await sdk.run(() => asi.getSerialNumber())).toString("hex");
    return isBlank(digits) ? undefined : digits;
  } catch (error) {
    // Older cameras, and older libraries, know no serial numbers.
    if (error instanceof CameraFailure && !error.removed) return undefined;
    throw error;
  }
}

/** The eight bytes of an opened camera's flash memory as hexadecimal digits; undefined where none were written. */
async function readFlashId(sdk: SdkQueue, asi: AsiCamera): Promise<string | undefined> {
  try {
    const digits = Buffer.from(await sdk.run(() => asi.getID())).toString("hex");
    return isBlank(digits) ? undefined : digits;
  } catch (error) {
    // Only USB 3 cameras have such a memory.
    if (error instanceof CameraFailure && !error.removed) return undefined;
    throw error;
  }
}

/** What an opened camera tells of itself: its serial number, or else what is in its flash memory. */
export async function readDistinction(
  sdk: SdkQueue,
  asi: AsiCamera,
  { isUsb3Camera }: CameraInfo,
): Promise<Distinction> {
  const serial = await readSerial(sdk, asi);
  if (serial !== undefined || !isUsb3Camera) return { serial };
  return { flashId: await readFlashId(sdk, asi) };
}

async function isThis(
  sdk: SdkQueue,
  asi: AsiCamera,
  info: CameraInfo,
  identity: CameraIdentity,
): Promise<boolean> {
  if (!isDistinct(identity)) return true;
  const { serial, flashId } = await readDistinction(sdk, asi, info);
  return serial === identity.serial && flashId === identity.flashId;
}

async function readControlInfos(sdk: SdkQueue, asi: AsiCamera): Promise<ControlInfo[]> {
  return sdk.run(async () => {
    const count = plausibleCount("controls", await asi.getNumOfControls(), 1);
    const controls: ControlInfo[] = [];
    for (let index = 0; index < count; index++) {
      controls.push(toControlInfo(plausibleControl(await asi.getControlCaps(index))));
    }
    return controls;
  });
}

function rank(camera: CameraInfo, identity: CameraIdentity): number {
  return camera.cameraId === identity.cameraId ? 0 : 1;
}
