import { AsiCamera, AsiLibrary } from "../../asi/index.js";
import { attachedCameras, readSerial } from "../opening.js";
import { SdkQueue } from "../sdk-queue.js";
import { serve } from "./channel.js";
import type { ScanRequests } from "./messages.js";

/*
 * A process that looks for cameras, so that a library that hangs or crashes while it does costs nothing.
 *
 * Argument: the path of the vendor library.
 */

const [libraryPath = ""] = process.argv.slice(2);
const sdk = new SdkQueue();

serve<ScanRequests>({
  async scan({ open }) {
    const library = AsiLibrary.load(libraryPath);
    const cameras = [];
    for (const info of await attachedCameras(library, sdk)) {
      const serial = open.includes(info.cameraId)
        ? undefined
        : await serialOf(new AsiCamera(library, info.cameraId));
      cameras.push({ ...info, serial });
    }
    return {
      libraryPath,
      sdkVersion: library.version,
      missingFunctions: library.missing(),
      cameras,
    };
  },
});

/** The serial number can only be read from an open camera; one that another program uses keeps it to itself. */
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
