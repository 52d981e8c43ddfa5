import { CONTROL } from "../camera/controls.js";
import { type Flip, flipValue, NO_FLIP, toFlip } from "../camera/flip.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { CaptureSetting } from "./capture.js";
import { FLIP } from "./capture-definitions.js";

/** Mirrors pictures where the camera can; tells how they are mirrored now. */
export function flip(
  connection: Connection,
  camera: RemoteCamera,
  capture: CaptureSetting,
): () => Flip {
  const control = camera.opened.controls.find(({ type }) => type === CONTROL.flip);
  if (control === undefined) return () => NO_FLIP;
  let now = toFlip(control.value);
  connection.add(FLIP(now)).onNew(async ({ FLIP_HORIZONTAL, FLIP_VERTICAL }) => {
    const value = flipValue({ horizontal: FLIP_HORIZONTAL, vertical: FLIP_VERTICAL });
    await capture.repeatAfter(async () => {
      const set = await camera.setControl({ type: CONTROL.flip, value, auto: false });
      now = toFlip(set.value);
    });
    return { FLIP_HORIZONTAL: now.horizontal, FLIP_VERTICAL: now.vertical };
  });
  return () => now;
}
