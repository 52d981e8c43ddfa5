import { CONTROL } from "../../camera/controls.js";
import { CameraFailure } from "../../camera/errors.js";
import type { FeatureSet, GainPreset } from "../../camera/features.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import { valuesOf } from "../../indi/definition.js";
import { Refused } from "../../indi/errors.js";
import type { AskControls } from "./ask-controls.js";
import { CCD_GAIN_PRESET, SENSOR_ELECTRONS } from "./definitions.js";

/** The vendor's gains as switches, and what a step of the converter stands for at the gain of now. */
export function gain(
  connection: Connection,
  camera: RemoteCamera,
  { gainPresets, electronsPerAdu }: FeatureSet,
  askControls: AskControls,
): void {
  const { bitDepth } = camera.opened.info.sensor;
  if (gainPresets.length > 0) addPresets(gainPresets);
  if (electronsPerAdu !== undefined) addElectrons(electronsPerAdu);

  function addPresets(presets: readonly GainPreset[]): void {
    const definition = CCD_GAIN_PRESET(presets);
    const vector = connection.add(definition);
    let chosen: GainPreset | undefined;
    const isSet = ({ gain, offset }: GainPreset) => {
      const isOffset = offset === undefined || camera.control(CONTROL.offset) === offset;
      return camera.control(CONTROL.gain) === gain && isOffset;
    };
    // Presets may be equal: the one chosen, else the first of them is shown then.
    const shown = () => {
      const preset = chosen !== undefined && isSet(chosen) ? chosen : presets.find(isSet);
      return valuesOf(definition.elements, ({ name }) => name === preset?.name);
    };
    vector.publish(shown());
    vector.onNew(async (wanted) => {
      chosen = presets.find(({ name }) => wanted[name]);
      if (chosen === undefined) throw new Refused("A gain is left by choosing another one.");
      const { gain, offset } = chosen;
      await askControls([
        [CONTROL.gain, gain],
        ...(offset === undefined ? [] : [[CONTROL.offset, offset] as const]),
      ]);
      return shown();
    });
    camera.on("control", ({ type }) => {
      if (type === CONTROL.gain || type === CONTROL.offset) vector.publish(shown());
    });
  }

  function addElectrons(perAdu: number): void {
    const values = (electrons: number) => ({
      ELECTRONS_PER_ADU: electrons,
      FULL_WELL: Math.round(electrons * 2 ** bitDepth),
    });
    const first = values(perAdu);
    const vector = connection.add(SENSOR_ELECTRONS(perAdu, first.FULL_WELL));
    camera.on("control", async ({ type }) => {
      if (type !== CONTROL.gain) return;
      try {
        const electrons = await camera.feature("readElectronsPerAdu", null);
        if (electrons !== null) vector.publish(values(electrons), "Ok");
      } catch (error) {
        if (!(error instanceof CameraFailure)) throw error;
        vector.publish({}, "Alert");
      }
    });
  }
}
