import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import { Refused } from "../../indi/errors.js";
import type { Files } from "../files/files.js";
import { DARK_SUBTRACT, DARK_SUBTRACT_FILE } from "./definitions.js";

/** The vendor library's own dark subtraction, which it does for 8-bit pictures. */
export function darkSubtraction(connection: Connection, camera: RemoteCamera, files: Files): void {
  const file = connection.add(DARK_SUBTRACT_FILE);
  const active = connection.add(DARK_SUBTRACT);
  const subtract = async (path: string | null) =>
    camera.feature("subtractDark", path === null ? null : await files.admit(path));
  file.onNew(async ({ PATH }) => {
    if (PATH !== "") await files.admit(PATH);
    if (active.value.INDI_ENABLED) await subtract(PATH === "" ? null : PATH);
    if (PATH === "") active.select("INDI_DISABLED", "Idle");
    return { PATH };
  });
  active.onNew(async ({ INDI_ENABLED }) => {
    const { PATH } = file.value;
    if (INDI_ENABLED && PATH === "")
      throw new Refused("There is no dark frame: set its file first.");
    await subtract(INDI_ENABLED ? PATH : null);
    return { INDI_ENABLED, INDI_DISABLED: !INDI_ENABLED };
  });
  camera.on("restored", () => {
    if (!active.value.INDI_ENABLED) return;
    subtract(file.value.PATH).catch(() => active.select("INDI_DISABLED", "Alert"));
  });
}
