import { CONTROL } from "../../camera/controls.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import type { AskControls } from "./ask-controls.js";
import { namedSwitch } from "./definitions.js";

const SWITCHES = [
  { type: CONTROL.fan, name: "CAMERA_FAN", label: "Fan" },
  { type: CONTROL.dewHeater, name: "CAMERA_DEW_HEATER", label: "Dew heater" },
  { type: CONTROL.powerLed, name: "CAMERA_LED", label: "Power LED" },
] as const;

/** Fan, dew heater and LED as switches, beside their numbers in CCD_CONTROLS. */
export function namedSwitches(
  connection: Connection,
  camera: RemoteCamera,
  askControls: AskControls,
): void {
  for (const { type, name, label } of SWITCHES) {
    const control = camera.opened.controls.find((one) => one.type === type);
    if (!control?.writable) continue;
    let lastOn = control.value > control.min ? control.value : control.max;
    const vector = connection.add(namedSwitch(name, label, control.value > control.min));
    vector.onNew(({ INDI_ENABLED }) => askControls([[type, INDI_ENABLED ? lastOn : control.min]]));
    camera.on("control", (now) => {
      if (now.type !== type) return;
      const isOn = now.value > control.min;
      if (isOn) lastOn = now.value;
      vector.publish({ INDI_ENABLED: isOn, INDI_DISABLED: !isOn });
    });
  }
}
