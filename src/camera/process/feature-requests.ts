import type { TriggerOutput } from "../../asi/index.js";
import type { Camera } from "../camera.js";
import type { FeatureSet, TriggerMode, TriggerPin } from "../features.js";

/** What a camera process can be asked of the features that only some cameras have. */
export interface FeatureRequests {
  describeFeatures: { args: null; result: FeatureSet; news: never };
  readElectronsPerAdu: { args: null; result: number | null; news: never };
  /** Ends the running exposure now, with the picture of the time it had. */
  finishExposure: { args: null; result: null; news: never };
  setTriggerMode: { args: TriggerMode; result: TriggerMode; news: never };
  softTrigger: { args: { start: boolean }; result: null; news: never };
  setTriggerOutput: {
    args: { pin: TriggerPin; output: TriggerOutput };
    result: TriggerOutput;
    news: never;
  };
  setFlashId: { args: string; result: string; news: never };
  /** Subtracts the dark frame of a BMP file, or none. */
  subtractDark: { args: string | null; result: null; news: never };
}

/** How a camera process answers them. */
export type FeatureHandlers = {
  readonly [Name in keyof FeatureRequests]: (
    args: FeatureRequests[Name]["args"],
  ) => Promise<FeatureRequests[Name]["result"]>;
};

/** Answers them for the camera that is open then. */
export function featureHandlers(camera: () => Camera): FeatureHandlers {
  return {
    describeFeatures: () => camera().features.describe(),
    readElectronsPerAdu: async () => (await camera().features.electronsPerAdu()) ?? null,
    async finishExposure() {
      await camera().exposures.finish();
      return null;
    },
    setTriggerMode: (mode) => camera().setTriggerMode(mode),
    async softTrigger({ start }) {
      await camera().features.softTrigger(start);
      return null;
    },
    setTriggerOutput: ({ pin, output }) => camera().features.setOutput(pin, output),
    setFlashId: (flashId) => camera().features.setFlashId(flashId),
    async subtractDark(path) {
      await camera().features.subtractDark(path ?? undefined);
      return null;
    },
  };
}
