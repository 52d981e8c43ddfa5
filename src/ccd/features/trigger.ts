import type { FeatureSet, TriggerOutput, TriggerPin } from "../../camera/features.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import {
  CCD_SOFT_TRIGGER,
  CCD_STOP_EXPOSURE,
  CCD_TRIGGER_MODE,
  TRIGGER_OUT,
  TRIGGER_OUT_LEVEL,
} from "./definitions.js";

/** Ends exposures with their pictures. */
export function stopExposure(connection: Connection, camera: RemoteCamera): void {
  connection.add(CCD_STOP_EXPOSURE).onNew(
    async () => {
      await camera.pictures.finish();
      return { STOP: false };
    },
    { order: "immediate", onFailure: { STOP: false } },
  );
}

/** The trigger port: what starts exposures, and what the outputs do then. */
export function trigger(
  connection: Connection,
  camera: RemoteCamera,
  { modes, mode, outputs }: FeatureSet,
): void {
  if (modes.length > 1) {
    const vector = connection.add(CCD_TRIGGER_MODE(modes, mode));
    const selected = () => modes.find((one) => one === vector.selected) ?? "NORMAL";
    vector.onNew(async (wanted) => {
      const chosen = modes.find((one) => wanted[one]) ?? "NORMAL";
      const set = await camera.feature("setTriggerMode", chosen);
      return { [set]: true };
    });
    connection.add(CCD_SOFT_TRIGGER).onNew(
      async ({ START, STOP }) => {
        if (START || STOP) await camera.feature("softTrigger", { start: START });
        return { START: false, STOP: false };
      },
      { order: "immediate", onFailure: { START: false, STOP: false } },
    );
    // A new process begins without trigger.
    camera.on("restored", () => {
      camera
        .feature("setTriggerMode", selected())
        .catch(() => vector.publish({ NORMAL: true }, "Alert"));
    });
  }
  if (outputs === undefined) return;
  for (const pin of ["A", "B"] as const) output(connection, camera, pin, outputs[pin]);
}

function output(
  connection: Connection,
  camera: RemoteCamera,
  pin: TriggerPin,
  initial: TriggerOutput,
): void {
  const times = connection.add(TRIGGER_OUT(pin, initial));
  const level = connection.add(TRIGGER_OUT_LEVEL(pin, initial));
  const set = async (part: Partial<TriggerOutput>): Promise<TriggerOutput> => {
    const { DELAY: delay, DURATION: duration } = times.value;
    const output = { delay, duration, high: level.value.HIGH, ...part };
    return camera.feature("setTriggerOutput", { pin, output });
  };
  times.onNew(async ({ DELAY, DURATION }) => {
    const { delay, duration } = await set({ delay: DELAY, duration: DURATION });
    return { DELAY: delay, DURATION: duration };
  });
  level.onNew(async ({ HIGH }) => {
    const { high } = await set({ high: HIGH });
    return { HIGH: high, LOW: !high };
  });
  camera.on("restored", () => void set({}).catch(() => times.publish({}, "Alert")));
}
