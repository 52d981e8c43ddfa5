import { AsiCamera, openLibrary } from "../../asi/index.js";
import type { CameraIdentity, CameraInfo } from "../camera-info.js";
import { attachedCameras, readSerial } from "../opening.js";
import { SdkQueue } from "../sdk-queue.js";
import { serve } from "./channel.js";
import type { ScanRequests } from "./messages.js";

/*
 * A process that looks for cameras, so that a library that hangs or crashes while it does costs nothing.
 *
 * Argument: the path of the vendor library; without one it is looked for in the usual places.
 */

const [path] = process.argv.slice(2);
const sdk = new SdkQueue();
/** Serial numbers of the last scan: a camera is opened for its number once, not at every scan. */
let serials = new Map<string, string | undefined>();

serve<ScanRequests>({
  async scan({ open }) {
    const library = openLibrary({ path, env: process.env });
    const known = new Map([...serials, ...open.map(numbered)]);
    const cameras: CameraInfo[] = [];
    serials = new Map();
    for (const info of await attachedCameras(library, sdk)) {
      const [number] = numbered(info);
      const told = known.has(number)
        ? { serial: known.get(number) }
        : await serialOf(new AsiCamera(library, info.cameraId));
      // One that could not be opened is asked again the next time.
      if (told !== undefined) serials.set(number, told.serial);
      cameras.push({ ...info, serial: told?.serial });
    }
    return {
      libraryPath: library.path,
      sdkVersion: library.version,
      missingFunctions: library.missing(),
      cameras,
    };
  },
});

/** The serial number by what the library tells cameras apart with. */
function numbered({ name, cameraId, serial }: CameraIdentity): [string, string | undefined] {
  return [`${name}#${cameraId}`, serial];
}

/** The serial number, if it has one; nothing of a camera that another program uses and that cannot be opened. */
async function serialOf(
  camera: AsiCamera,
): Promise<{ readonly serial: string | undefined } | undefined> {
  try {
    await sdk.run(() => camera.open());
  } catch {
    return undefined;
  }
  try {
    return { serial: await readSerial(sdk, camera) };
  } finally {
    await sdk.run(() => camera.close());
  }
}

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
