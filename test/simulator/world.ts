import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi, { type LibraryHandle, type TypeObject } from "koffi";

const SIMULATOR = join(import.meta.dirname, "../../simulator");

/** The steering command. */
export const ASI_SIM = join(SIMULATOR, "build/asi-sim");

/** The simulated vendor library. */
export const LIBRARY = join(SIMULATOR, "build/libASICamera2.so");

/** Error codes of the SDK by their names without `ASI_ERROR_`. */
export const CODES = {
  SUCCESS: 0,
  INVALID_INDEX: 1,
  INVALID_ID: 2,
  INVALID_CONTROL_TYPE: 3,
  CAMERA_CLOSED: 4,
  CAMERA_REMOVED: 5,
  INVALID_PATH: 6,
  INVALID_FILEFORMAT: 7,
  INVALID_SIZE: 8,
  INVALID_IMGTYPE: 9,
  OUTOF_BOUNDARY: 10,
  TIMEOUT: 11,
  INVALID_SEQUENCE: 12,
  BUFFER_TOO_SMALL: 13,
  VIDEO_MODE_ACTIVE: 14,
  EXPOSURE_IN_PROGRESS: 15,
  GENERAL_ERROR: 16,
  INVALID_MODE: 17,
  GPS_NOT_SUPPORTED: 18,
  GPS_DATA_INVALID: 22,
} as const;

/** Control types, as the header numbers them. */
export const CONTROL = {
  GAIN: 0,
  EXPOSURE: 1,
  WB_R: 3,
  WB_B: 4,
  OFFSET: 5,
  BANDWIDTH: 6,
  TEMPERATURE: 8,
  FLIP: 9,
  MAX_EXPOSURE: 11,
  HIGH_SPEED: 14,
  COOLER_POWER: 15,
  TARGET_TEMP: 16,
  COOLER_ON: 17,
  MONO_BIN: 18,
  GPS_START_LINE: 26,
} as const;

/** Image formats, as the header numbers them. */
export const FORMAT = { RAW8: 0, RGB24: 1, RAW16: 2, Y8: 3 } as const;

const CAMERA_INFO = koffi.struct({
  Name: koffi.array("char", 64),
  CameraID: "int",
  MaxHeight: "long",
  MaxWidth: "long",
  IsColorCam: "int",
  BayerPattern: "int",
  SupportedBins: koffi.array("int", 16),
  SupportedVideoFormat: koffi.array("int", 8),
  PixelSize: "double",
  MechanicalShutter: "int",
  ST4Port: "int",
  IsCoolerCam: "int",
  IsUSB3Host: "int",
  IsUSB3Camera: "int",
  ElecPerADU: "float",
  BitDepth: "int",
  IsTriggerCam: "int",
  Unused: koffi.array("char", 16),
});

const CONTROL_CAPS = koffi.struct({
  Name: koffi.array("char", 64),
  Description: koffi.array("char", 128),
  MaxValue: "long",
  MinValue: "long",
  DefaultValue: "long",
  IsAutoSupported: "int",
  IsWritable: "int",
  ControlType: "int",
  Unused: koffi.array("char", 32),
});

const ID = koffi.struct({ id: koffi.array("uint8_t", 8) });

type Type = string | TypeObject;
type CFunction = ReturnType<LibraryHandle["func"]>;

const PARAMETERS: Readonly<Record<string, readonly Type[]>> = {
  ASICameraCheck: ["int", "int"],
  ASIGetCameraProperty: ["void *", "int"],
  ASIGetCameraPropertyByID: ["int", "void *"],
  ASIGetControlCaps: ["int", "int", "void *"],
  ASIGetControlValue: ["int", "int", "void *", "void *"],
  ASISetControlValue: ["int", "int", "long", "int"],
  ASISetROIFormat: ["int", "int", "int", "int", "int"],
  ASIGetROIFormat: ["int", "void *", "void *", "void *", "void *"],
  ASISetStartPos: ["int", "int", "int"],
  ASIGetStartPos: ["int", "void *", "void *"],
  ASIEnableDarkSubtract: ["int", "str"],
  ASIStartExposure: ["int", "int"],
  ASIGetDataAfterExp: ["int", "void *", "long"],
  ASIGetDataAfterExpGPS: ["int", "void *", "long", "void *"],
  ASIGetVideoData: ["int", "void *", "long", "int"],
  ASIGetVideoDataGPS: ["int", "void *", "long", "int", "void *"],
  ASIGPSGetData: ["int", "void *", "void *"],
  ASIPulseGuideOn: ["int", "int"],
  ASIPulseGuideOff: ["int", "int"],
  ASISetID: ["int", ID],
  ASISetCameraMode: ["int", "int"],
  ASISendSoftTrigger: ["int", "int"],
  ASISetTriggerOutputIOConf: ["int", "int", "int", "long", "long"],
  ASIGetTriggerOutputIOConf: ["int", "int", "void *", "void *", "void *"],
  ASIGetGainOffset: ["int", "void *", "void *", "void *", "void *"],
  ASIGetLMHGainOffset: ["int", "void *", "void *", "void *", "void *"],
  ASIGetNumOfConnectedCameras: [],
  ASIGetProductIDs: ["void *"],
  ASIOpenCamera: ["int"],
  ASIInitCamera: ["int"],
  ASICloseCamera: ["int"],
  ASIStopExposure: ["int"],
  ASIStartVideoCapture: ["int"],
  ASIStopVideoCapture: ["int"],
  ASIDisableDarkSubtract: ["int"],
  SimFail: ["int", "str", "int", "int"],
  SimHang: ["int", "str", "int", "int"],
  SimExposureFail: ["int", "int"],
  SimExposureStuck: ["int", "int"],
  SimUnplug: ["int"],
  SimPlug: ["int"],
  SimAdd: ["str"],
};

/** Parameters of the many functions that take a camera and one thing to fill in. */
const FILLS: readonly Type[] = ["int", "void *"];

/** What the tests read of ASI_CAMERA_INFO. */
export interface Property {
  readonly MaxWidth: number;
  readonly MaxHeight: number;
  readonly ElecPerADU: number;
}

/** What the tests read of ASI_CONTROL_CAPS. */
export interface Control {
  readonly Name: string;
  readonly MinValue: number;
  readonly MaxValue: number;
  readonly DefaultValue: number;
  readonly IsWritable: number;
  readonly ControlType: number;
}

/** What is asked for in a picture; the rest is as the camera starts with. */
export interface Shot {
  readonly seconds?: number;
  readonly format?: number;
  readonly bin?: number;
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly controls?: readonly (readonly [type: number, value: number])[];
}

/** Pixels as numbers, with their size. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array | Uint16Array;
}

/** A copy of the simulator with state and environment of its own, in this process. */
export class World {
  readonly #directory = mkdtempSync(join(tmpdir(), "asi-world-"));
  readonly #library: LibraryHandle;
  readonly #functions = new Map<string, CFunction>();

  /** Loads a copy: the environment is read in its first call. */
  constructor(environment: Readonly<Record<string, string>>) {
    execFileSync("make", ["-s", "-C", SIMULATOR]);
    const copy = join(this.#directory, "libASICamera2.so");
    copyFileSync(LIBRARY, copy);
    this.#library = koffi.load(copy);
    for (const name of Object.keys(process.env))
      if (name.startsWith("ASI_SIM_")) delete process.env[name];
    Object.assign(process.env, { ASI_SIM_USB_MBPS: "0" }, environment);
    this.call("ASIGetNumOfConnectedCameras");
  }

  /** Forgets the files; the loaded copy stays until the process ends. */
  close(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #function(name: string): CFunction {
    const known = this.#functions.get(name);
    if (known) return known;
    const found = this.#library.func(name, "int", [...(PARAMETERS[name] ?? FILLS)]);
    this.#functions.set(name, found);
    return found;
  }

  /** Calls a function of the library and returns its int. */
  call(name: string, ...parameters: unknown[]): number {
    return Number(this.#function(name)(...parameters));
  }

  /** The same on another thread. */
  callAsync(name: string, ...parameters: unknown[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#function(name).async(...parameters, (error: unknown, result: unknown) =>
        // Naming the parameters here keeps buffers alive until the call is over.
        error ? reject(error) : resolve(Number(parameters && result)),
      );
    });
  }

  /** Calls a function that fills in ints after the camera's ID, and returns these. */
  ints(name: string, id: number, count: number): number[] {
    const places = Array.from({ length: count }, () => new Int32Array(1));
    const code = this.call(name, id, ...places);
    if (code !== 0) throw new Error(`${name} returned ${code}`);
    return places.map((place) => place[0] ?? Number.NaN);
  }

  /** The version string of the library. */
  version(): string {
    return String(this.#library.func("ASIGetSDKVersion", "str", [])());
  }

  /** What a camera says about itself. */
  property(index: number): Property {
    const buffer = Buffer.alloc(koffi.sizeof(CAMERA_INFO));
    if (this.call("ASIGetCameraProperty", buffer, index) !== 0) throw new Error("no such camera");
    return koffi.decode(buffer, CAMERA_INFO);
  }

  /** A control as the camera lists it. */
  control(id: number, index: number): Control {
    const buffer = Buffer.alloc(koffi.sizeof(CONTROL_CAPS));
    if (this.call("ASIGetControlCaps", id, index, buffer) !== 0) throw new Error("no such control");
    return koffi.decode(buffer, CONTROL_CAPS);
  }

  /** The value of a control. */
  value(id: number, type: number): number {
    const value = Buffer.alloc(8);
    const code = this.call("ASIGetControlValue", id, type, value, Buffer.alloc(4));
    if (code !== 0) throw new Error(`ASIGetControlValue returned ${code}`);
    return Number(koffi.decode(value, "long"));
  }

  /** The serial number or flash ID as hexadecimal digits, or the error code. */
  identity(name: "ASIGetSerialNumber" | "ASIGetID", id: number): string | number {
    const bytes = Buffer.alloc(8);
    const code = this.call(name, id, bytes);
    return code === 0 ? bytes.toString("hex") : code;
  }

  /** Opens and initialises a camera. */
  open(id: number): void {
    const codes = [this.call("ASIOpenCamera", id), this.call("ASIInitCamera", id)];
    if (codes.some((code) => code !== 0)) throw new Error(`opening returned ${codes}`);
  }

  /** The status of the exposure. */
  status(id: number): number {
    return this.ints("ASIGetExpStatus", id, 1)[0] ?? -1;
  }

  /** Sets region and controls as a picture wants them. */
  prepare(id: number, shot: Shot): { width: number; height: number; buffer: Uint8Array } {
    const { seconds = 0.001, format = FORMAT.RAW16, bin = 1, controls = [] } = shot;
    const { MaxWidth, MaxHeight } = this.property(id);
    const width = shot.width ?? Math.floor(MaxWidth / bin / 8) * 8;
    const height = shot.height ?? Math.floor(MaxHeight / bin / 2) * 2;
    const settings = [[CONTROL.EXPOSURE, Math.round(seconds * 1e6)], ...controls];
    const codes = [
      ...settings.map(([type, value]) => this.call("ASISetControlValue", id, type, value, 0)),
      this.call("ASISetROIFormat", id, width, height, bin, format),
    ];
    if (shot.x !== undefined) codes.push(this.call("ASISetStartPos", id, shot.x, shot.y ?? 0));
    if (codes.some((code) => code !== 0)) throw new Error(`preparing returned ${codes}`);
    const bytes = format === FORMAT.RAW16 ? 2 : format === FORMAT.RGB24 ? 3 : 1;
    return { width, height, buffer: new Uint8Array(width * height * bytes) };
  }

  /** Takes a picture. */
  async expose(id: number, shot: Shot): Promise<Picture> {
    const { width, height, buffer } = this.prepare(id, shot);
    const code = this.call("ASIStartExposure", id, 0);
    if (code !== 0) throw new Error(`ASIStartExposure returned ${code}`);
    await until(() => this.status(id) !== 1);
    const read = this.call("ASIGetDataAfterExp", id, buffer, buffer.length);
    if (read !== 0) throw new Error(`ASIGetDataAfterExp returned ${read}`);
    const wide = (shot.format ?? FORMAT.RAW16) === FORMAT.RAW16;
    return { width, height, pixels: wide ? new Uint16Array(buffer.buffer) : buffer };
  }
}

/** Waits until something is so, looking every other millisecond. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Mean and standard deviation of some pixels. */
export function statistics(values: ArrayLike<number>): { mean: number; sigma: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, sigma: Math.sqrt(squares / values.length - mean * mean) };
}

/** The centre of light, above the median, within a distance of a place. */
export function centroid(picture: Picture, nearX: number, nearY: number, reach = 12) {
  const { width, pixels } = picture;
  const ground = [...pixels.subarray(0, 4096)].sort((a, b) => a - b)[2048] ?? 0;
  let sum = 0;
  let x = 0;
  let y = 0;
  for (let row = Math.round(nearY) - reach; row <= nearY + reach; row++)
    for (let column = Math.round(nearX) - reach; column <= nearX + reach; column++) {
      const light = Math.max(0, (pixels[row * width + column] ?? 0) - ground - 200);
      sum += light;
      x += light * column;
      y += light * row;
    }
  return { x: x / sum, y: y / sum, light: sum };
}
