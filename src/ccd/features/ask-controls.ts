import type { ControlType } from "../../camera/controls.js";
import { CameraFailure } from "../../camera/errors.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Device } from "../../indi/device.js";
import { Refused } from "../../indi/errors.js";
import { CCD_CONTROLS } from "../definitions.js";

/** Sets controls by their types. */
export type AskControls = (wanted: readonly (readonly [ControlType, number])[]) => Promise<void>;

/** Sets controls as clients do, through CCD_CONTROLS: everybody sees it, and it is saved. */
export function asker(device: Device, camera: RemoteCamera): AskControls {
  const { name: property } = CCD_CONTROLS([]);
  return async (wanted) => {
    const elements = wanted.map(([type, value]) => ({
      name: camera.opened.controls.find((control) => control.type === type)?.name ?? "",
      value: `${value}`,
    }));
    const refusals: string[] = [];
    const request = {
      tag: "new",
      kind: "Number",
      device: device.name,
      name: property,
      elements,
    } as const;
    await device.restore([request], "saved", (text) => refusals.push(text));
    if (refusals.length > 0) throw new Refused(refusals.join(" "));
    if (wanted.some(([type, value]) => camera.control(type) !== value)) {
      throw new CameraFailure("The camera has not taken the value.");
    }
  };
}
