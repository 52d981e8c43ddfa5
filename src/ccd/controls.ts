import { CONTROL, type Control } from "../camera/controls.js";
import { CameraFailure } from "../camera/errors.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { CCD_CONTROLS, CCD_CONTROLS_MODE } from "./definitions.js";
import { type KeywordSource, noKeywords } from "./keywords.js";
import type { Video } from "./video.js";

/** Controls with a property of their own, and one that no slider should touch: it resets the camera's USB hub. */
const ELSEWHERE: ReadonlySet<number> = new Set([
  CONTROL.exposure,
  CONTROL.targetTemperature,
  CONTROL.coolerOn,
  CONTROL.flip,
  CONTROL.usbHubReset,
]);

/** The camera's own controls: gain, offset, white balance and whatever else its library lists. */
export function controls(
  connection: Connection,
  camera: RemoteCamera,
  video: Video,
): KeywordSource {
  const shown = camera.opened.controls.filter(
    ({ type, writable }) => writable && !ELSEWHERE.has(type),
  );
  if (shown.length === 0) return () => noKeywords;
  const values = connection.add(CCD_CONTROLS(shown));
  const automatic = shown.filter(({ canBeAuto }) => canBeAuto);
  const modes = automatic.length > 0 ? connection.add(CCD_CONTROLS_MODE(automatic)) : undefined;

  async function set({ type, name }: Control, value: number, auto: boolean): Promise<void> {
    const now = await camera.setControl({ type, value, auto });
    values.publish({ [name]: now.value });
    if (modes?.value[modeElement(name)] !== undefined) {
      modes.publish({ [modeElement(name)]: now.auto });
    }
  }

  values.onNew(async (wanted) => {
    // Clients send all sliders back when one moves: only what differs is written to the camera.
    const changed = shown.filter(({ name }) => wanted[name] !== values.value[name]);
    await forEach(changed, (control) => set(control, wanted[control.name] ?? control.value, false));
    return {};
  });

  modes?.onNew(async (wanted) => {
    const changed = automatic.filter(
      ({ name }) => wanted[modeElement(name)] !== modes.value[modeElement(name)],
    );
    await forEach(changed, (control) => {
      // Turning a control automatic takes its present value (manual 3.9).
      const present = values.value[control.name] ?? control.value;
      return set(control, present, wanted[modeElement(control.name)] ?? false);
    });
    return {};
  });

  let isRefreshing = false;

  /** Shows what the camera has made of the controls it adjusts by itself. */
  async function refresh(): Promise<void> {
    const adjusted = automatic.filter(({ name }) => modes?.value[modeElement(name)]);
    if (adjusted.length === 0 || isRefreshing) return;
    isRefreshing = true;
    try {
      const now = await camera.readControls(adjusted.map(({ type }) => type));
      for (const { type, name } of adjusted) {
        const value = now.find((control) => control.type === type)?.value;
        if (value !== undefined) values.publish({ [name]: value });
      }
    } catch {
      // Whoever supervises the camera tells what is wrong with it.
    } finally {
      isRefreshing = false;
    }
  }

  // In videos alone the camera adjusts anything by itself (manual 3.9).
  video.on("statistics", () => void refresh());

  return () => {
    const set = values.value;
    return (header, { electronsPerAdu }) => {
      for (const [type, keyword, comment] of KEYWORDS) {
        const name = shown.find((control) => control.type === type)?.name;
        const value = name === undefined ? undefined : set[name];
        if (value !== undefined) header.set(keyword, real(value), comment);
      }
      if (electronsPerAdu !== undefined) {
        header.set("EGAIN", real(electronsPerAdu), "Electrons per ADU of the converter (ADCBITS)");
      }
    };
  };
}

const KEYWORDS = [
  [CONTROL.gain, "GAIN", "Gain"],
  [CONTROL.offset, "OFFSET", "Offset"],
  [CONTROL.whiteBalanceRed, "WB_R", "White Balance - Red"],
  [CONTROL.whiteBalanceBlue, "WB_B", "White Balance - Blue"],
] as const;

function modeElement(name: string): string {
  return `AUTO_${name}`;
}

/** Does each, also after one failed; then fails with all that went wrong. */
async function forEach(
  controls: readonly Control[],
  act: (control: Control) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const control of controls) {
    try {
      await act(control);
    } catch (error) {
      if (!(error instanceof CameraFailure)) throw error;
      failures.push(`${control.name}: ${error.message}`);
    }
  }
  if (failures.length > 0) throw new CameraFailure(failures.join(" "));
}
