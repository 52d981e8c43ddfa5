import type { FeatureSet } from "../../camera/features.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import { Refused } from "../../indi/errors.js";
import { CAMERA_ID, CAMERA_ID_LOCK } from "./definitions.js";

/** The eight bytes of the camera's flash memory that tell equal cameras apart. */
export function cameraId(
  connection: Connection,
  camera: RemoteCamera,
  { flashId }: FeatureSet,
): void {
  if (flashId === undefined) return;
  const id = connection.add(CAMERA_ID(toText(flashId)));
  const lock = connection.add(CAMERA_ID_LOCK);
  id.onNew(
    async ({ ID }) => {
      const written = await camera.setFlashId(toDigits(ID));
      lock.select("LOCKED", "Ok");
      return { ID: toText(written) };
    },
    { unless: () => lock.selected === "LOCKED" && "Unlock the camera ID first (CAMERA_ID_LOCK)." },
  );
}

const PRINTABLE = /^[ -~]*$/;

/** Characters where all bytes up to the first zero are such, else digits. */
function toText(digits: string): string {
  const text = Buffer.from(digits, "hex").toString("latin1").replace(/\0+$/, "");
  return PRINTABLE.test(text) ? text : digits;
}

function toDigits(text: string): string {
  if (/^[0-9a-f]{16}$/i.test(text)) return text.toLowerCase();
  if (!PRINTABLE.test(text) || text.length > 8) {
    throw new Refused("A camera ID is up to eight ASCII characters, or 16 hexadecimal digits.");
  }
  return Buffer.from(text.padEnd(8, "\0"), "latin1").toString("hex");
}
