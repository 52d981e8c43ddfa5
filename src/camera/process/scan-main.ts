import { AsiCamera, openLibrary } from "../../asi/index.js";
import type { CameraInfo } from "../camera-info.js";
import { type Distinction, identify } from "../identification.js";
import { attachedCameras, readDistinction } from "../opening.js";
import { usbProducts } from "../presence.js";
import { SdkQueue } from "../sdk-queue.js";
import { unlistedCameras } from "../unlisted.js";
import { traceCalls } from "./call-trace.js";
import { serve, tellCall } from "./channel.js";
import type { ScanRequests } from "./messages.js";

/*
 * A process that looks for cameras, so that a library that hangs or crashes while it does costs nothing.
 *
 * Arguments: the directory where the kernel shows its USB devices, and the path of the vendor library; without one it
 * is looked for in the usual places.
 */

const [usbDirectory, path] = process.argv.slice(2);
const sdk = new SdkQueue();
/** What cameras told in the last scan: one that is the only one of its name is opened once, not at every scan. */
let known = new Map<string, Distinction>();

serve<ScanRequests>({
  async scan({ open }) {
    const library = traceCalls(openLibrary({ path, env: process.env }), tellCall);
    const listed = await attachedCameras(library, sdk);
    const products = await usbProducts(usbDirectory);
    const told = new Map<string, Distinction>();
    const cameras = await identify(listed, {
      open,
      ports: (name) =>
        products
          .filter(({ product }) => product === name.replace(/^ZWO /, ""))
          .map(({ port }) => port),
      async read(info) {
        const isOnlyOne = listed.filter(({ name }) => name === info.name).length === 1;
        const distinction =
          (isOnlyOne ? known.get(numbered(info)) : undefined) ??
          (await distinctionOf(new AsiCamera(library, info.cameraId), info));
        if (distinction !== undefined) told.set(numbered(info), distinction);
        return distinction;
      },
    });
    known = told;
    return {
      libraryPath: library.path,
      sdkVersion: library.version,
      missingFunctions: library.missing(),
      cameras,
      unlisted: unlistedCameras(library, listed, products),
    };
  },
});

/** What the library tells cameras apart with. */
function numbered({ name, cameraId }: CameraInfo): string {
  return `${name}#${cameraId}`;
}

/** It can only be read from an open camera; one that another program uses keeps it to itself. */
async function distinctionOf(
  camera: AsiCamera,
  info: CameraInfo,
): Promise<Distinction | undefined> {
  try {
    await sdk.run(() => camera.open());
  } catch {
    return undefined;
  }
  try {
    return await readDistinction(sdk, camera, info);
  } finally {
    await sdk.run(() => camera.close());
  }
}

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// systemctl kill sends to the whole group what asks the daemon for diagnostics.
process.on("SIGUSR2", () => undefined);
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
