import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import type { Device } from "../../indi/device.js";
import type { Files } from "../files/files.js";
import type { Keywords } from "../keywords.js";
import { activity } from "./activity.js";
import { asker } from "./ask-controls.js";
import { cameraId } from "./camera-id.js";
import { darkSubtraction } from "./dark-subtraction.js";
import { gain } from "./gain.js";
import { gps } from "./gps.js";
import { namedSwitches } from "./named-switches.js";
import { stopExposure, trigger } from "./trigger.js";

/** What the C++ driver does not offer of a camera, as far as this camera has it; answers what it adds to headers. */
export async function features(
  connection: Connection,
  camera: RemoteCamera,
  { device, files }: { readonly device: Device; readonly files: Files },
): Promise<Keywords> {
  const set = await camera.feature("describeFeatures", null);
  const askControls = asker(device, camera);
  activity(connection, camera);
  stopExposure(connection, camera);
  gain(connection, camera, set, askControls);
  namedSwitches(connection, camera, askControls);
  trigger(connection, camera, set);
  darkSubtraction(connection, camera, files);
  cameraId(connection, camera, set);
  return gps(connection, camera);
}
