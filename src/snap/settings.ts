import { parseNumber } from "../indi/number-format.js";
import type { RemoteProperty } from "../indi/remote-property.js";
import { SnapError } from "./errors.js";
import type { IndiCamera } from "./indi-camera.js";

/** What a frame is of. */
export const FRAME_TYPES = ["light", "dark", "bias", "flat"] as const;

/** One of the four kinds of frame. */
export type FrameType = (typeof FRAME_TYPES)[number];

/** A part of the sensor, in unbinned pixels. */
export interface FrameRoi {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How the camera is set before the exposure; what is not given stays as it is. */
export interface CameraSettings {
  /** In the units of the camera, ZWO's are 0.1 dB. */
  readonly gain?: number | undefined;
  readonly offset?: number | undefined;
  readonly bin?: number | undefined;
  readonly roi?: FrameRoi | undefined;
  /** The label or the name of a capture format. */
  readonly format?: string | undefined;
  readonly frameType?: FrameType | undefined;
  /** The sensor's temperature in degrees Celsius, which is waited for. */
  readonly temperature?: number | undefined;
}

/** As near as this, in degrees, the sensor has its temperature: regulated ones swing a little. */
const NEAR_ENOUGH = 0.5;
/** Cameras cool by some degrees a minute. */
const COOLING_SECONDS = 20 * 60;

/** Sets a camera; formats and bins come before the frame, which depends on them. */
export async function applySettings(camera: IndiCamera, wanted: CameraSettings): Promise<void> {
  const { gain, offset, bin, roi, format, frameType, temperature } = wanted;
  if (temperature !== undefined) await cool(camera, temperature);
  if (format !== undefined) await chooseFormat(camera, format);
  if (gain !== undefined) await setControl(camera, "gain", gain);
  if (offset !== undefined) await setControl(camera, "offset", offset);
  if (bin !== undefined) await set(camera, "CCD_BINNING", { HOR_BIN: bin, VER_BIN: bin });
  if (roi !== undefined) {
    const { left, top, width, height } = roi;
    await set(camera, "CCD_FRAME", { X: left, Y: top, WIDTH: width, HEIGHT: height });
  }
  if (frameType !== undefined) {
    await known(camera, "CCD_FRAME_TYPE");
    await camera.turnOn("CCD_FRAME_TYPE", `FRAME_${frameType.toUpperCase()}`);
  }
}

async function known(camera: IndiCamera, name: string): Promise<RemoteProperty> {
  return camera.find(() => camera.property(name), `has no ${name}`);
}

async function set(
  camera: IndiCamera,
  name: string,
  values: Readonly<Record<string, number>>,
): Promise<void> {
  await known(camera, name);
  await camera.setNumbers(name, values);
}

/** Gain and offset are elements of different properties from driver to driver. */
async function setControl(camera: IndiCamera, control: string, value: number): Promise<void> {
  const { property, element } = await camera.find(
    () => findNumber(camera, control),
    `has no ${control} that can be set`,
  );
  await camera.setNumbers(property, { [element]: value });
}

function findNumber(camera: IndiCamera, wanted: string) {
  for (const { name: property, kind, perm, elements } of camera.properties) {
    if (kind !== "Number" || perm === "ro") continue;
    for (const [element, { label }] of elements) {
      if (isSameWord(element, wanted) || isSameWord(label, wanted)) return { property, element };
    }
  }
  return undefined;
}

async function chooseFormat(camera: IndiCamera, format: string): Promise<void> {
  const { elements } = await known(camera, "CCD_CAPTURE_FORMAT");
  const found = [...elements].find(
    ([name, { label }]) => isSameWord(label, format) || isSameWord(name, format),
  );
  if (!found) {
    const labels = [...elements.values()].map(({ label }) => label).join(", ");
    throw new SnapError("BAD_OPTION", `${camera.name} has no format ${format}, only: ${labels}`);
  }
  await camera.turnOn("CCD_CAPTURE_FORMAT", found[0]);
}

async function cool(camera: IndiCamera, celsius: number): Promise<void> {
  const { perm } = await known(camera, "CCD_TEMPERATURE");
  if (perm === "ro") throw new SnapError("BAD_OPTION", `${camera.name} has no cooler`);
  const isThere = ({ elements }: RemoteProperty) => {
    const value = parseNumber(elements.get("CCD_TEMPERATURE_VALUE")?.value ?? "");
    return value !== undefined && Math.abs(value - celsius) <= NEAR_ENOUGH;
  };
  await camera.setNumbers(
    "CCD_TEMPERATURE",
    { CCD_TEMPERATURE_VALUE: celsius },
    { isDone: isThere, timeout: COOLING_SECONDS },
  );
}

function isSameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
