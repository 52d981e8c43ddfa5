import { AsiCamera, openLibrary } from "../../asi/index.js";
import { type CameraIdentity, type CameraInfo, identityKey } from "../camera-info.js";
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
    for (const info of await attachedCameras(library, sdk)) {
      const [number] = numbered(info);
      const serial = known.has(number)
        ? known.get(number)
        : await serialOf(new AsiCamera(library, info.cameraId));
      cameras.push({ ...info, serial });
    }
    serials = new Map(cameras.map(numbered));
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
  return [identityKey({ name, cameraId, serial: undefined }), serial];
}

/** A serial number can only be read from an open camera; one that another program uses keeps it to itself. */
async function serialOf(camera: AsiCamera): Promise<string | undefined> {
  try {
    await sdk.run(() => camera.open());
  } catch {
    return undefined;
  }
  try {
    return await readSerial(sdk, camera);
  } finally {
    await sdk.run(() => camera.close());
  }
}

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
