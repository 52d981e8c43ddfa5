import {
  ASI_CAMERA_MODE,
  ASI_TRIG_OUTPUT_PIN,
  type AsiCamera,
  type AsiLibrary,
  cameraPropertyById,
  type TriggerOutput,
} from "../asi/index.js";
import type { CameraInfo } from "./camera-info.js";
import { CONTROL } from "./controls.js";
import { CameraFailure } from "./errors.js";
import type { SdkQueue } from "./sdk-queue.js";

export type { TriggerOutput };

/** What starts and ends exposures, in the library's words (manual 2.7). */
const TRIGGER_MODE = {
  NORMAL: ASI_CAMERA_MODE.ASI_MODE_NORMAL,
  SOFT_EDGE: ASI_CAMERA_MODE.ASI_MODE_TRIG_SOFT_EDGE,
  RISE_EDGE: ASI_CAMERA_MODE.ASI_MODE_TRIG_RISE_EDGE,
  FALL_EDGE: ASI_CAMERA_MODE.ASI_MODE_TRIG_FALL_EDGE,
  SOFT_LEVEL: ASI_CAMERA_MODE.ASI_MODE_TRIG_SOFT_LEVEL,
  HIGH_LEVEL: ASI_CAMERA_MODE.ASI_MODE_TRIG_HIGH_LEVEL,
  LOW_LEVEL: ASI_CAMERA_MODE.ASI_MODE_TRIG_LOW_LEVEL,
} as const;
/** One of them. */
export type TriggerMode = keyof typeof TRIGGER_MODE;
const TRIGGER_MODES = Object.keys(TRIGGER_MODE).filter(isTriggerMode);

/** The output pins of the trigger port. */
const TRIGGER_PIN = {
  A: ASI_TRIG_OUTPUT_PIN.ASI_TRIG_OUTPUT_PINA,
  B: ASI_TRIG_OUTPUT_PIN.ASI_TRIG_OUTPUT_PINB,
} as const;
/** One of them. */
export type TriggerPin = keyof typeof TRIGGER_PIN;

/**
 * The vendor's gains: for the largest range, for one electron a step, for the least noise, and what it calls
 * low, middle and high.
 */
export type GainPresetName =
  | "HIGHEST_DR"
  | "UNITY"
  | "LOWEST_READ_NOISE"
  | "LOW"
  | "MIDDLE"
  | "HIGH";

/** A gain the vendor recommends, and the offset that goes with it, in the units of the controls. */
export interface GainPreset {
  readonly name: GainPresetName;
  readonly gain: number;
  readonly offset?: number;
}

/** What a camera has beyond taking pictures. */
export interface FeatureSet {
  /** More than one where there is a trigger port. */
  readonly modes: readonly TriggerMode[];
  readonly mode: TriggerMode;
  readonly outputs?: Readonly<Record<TriggerPin, TriggerOutput>> | undefined;
  /** Those the library tells. */
  readonly gainPresets: readonly GainPreset[];
  /** 16 hexadecimal digits; only USB 3 cameras have a flash memory for it. */
  readonly flashId?: string | undefined;
  /** What one step of the analogue-to-digital converter stands for at the gain of now. */
  readonly electronsPerAdu?: number | undefined;
}

/** The functions of the vendor library that only some cameras, or newer libraries, have. */
export class Features {
  readonly #asi: AsiCamera;
  readonly #sdk: SdkQueue;
  readonly #library: AsiLibrary;
  readonly #info: CameraInfo;
  #mode: TriggerMode = "NORMAL";

  constructor(asi: AsiCamera, sdk: SdkQueue, library: AsiLibrary, info: CameraInfo) {
    this.#asi = asi;
    this.#sdk = sdk;
    this.#library = library;
    this.#info = info;
  }

  /** What starts exposures now. */
  get mode(): TriggerMode {
    return this.#mode;
  }

  /** What this camera has, as it stands. */
  async describe(): Promise<FeatureSet> {
    const modes = this.#info.hasTrigger ? await this.#modes() : [];
    return {
      modes,
      mode: this.#mode,
      outputs: this.#info.hasTrigger ? await this.#outputs() : undefined,
      gainPresets: [
        ...((await this.#ifAny(() => this.#recommendedGains())) ?? []),
        ...((await this.#ifAny(() => this.#usualGains())) ?? []),
      ],
      flashId: this.#info.isUsb3Camera ? await this.#ifAny(() => this.#flashId()) : undefined,
      electronsPerAdu: await this.electronsPerAdu(),
    };
  }

  /** At the gain of now; unknown to libraries that describe cameras only before they are opened. */
  electronsPerAdu(): Promise<number | undefined> {
    return this.#ifAny(async () => (await this.#property()).elecPerADU);
  }

  /** Sets what starts exposures; none may be running. */
  async setMode(mode: TriggerMode): Promise<TriggerMode> {
    await this.#sdk.run(() => this.#asi.setCameraMode(TRIGGER_MODE[mode]));
    const set = await this.#sdk.run(() => this.#asi.getCameraMode());
    this.#mode = modeOf(set) ?? "NORMAL";
    return this.#mode;
  }

  /** Does by software what a signal would do in the soft modes. */
  softTrigger(start: boolean): Promise<void> {
    // Around the queue: a picture that waits for the trigger keeps a call of the library waiting.
    return this.#sdk.overtake(() => this.#asi.sendSoftTrigger(start));
  }

  /** Sets what an output pin does; answers what it does then. */
  async setOutput(pin: TriggerPin, output: TriggerOutput): Promise<TriggerOutput> {
    await this.#sdk.run(() => this.#asi.setTriggerOutputIOConf(TRIGGER_PIN[pin], output));
    return this.#sdk.run(() => this.#asi.getTriggerOutputIOConf(TRIGGER_PIN[pin]));
  }

  /** Writes eight bytes, as 16 hexadecimal digits, into the camera's flash memory; answers what is there then. */
  async setFlashId(flashId: string): Promise<string> {
    await this.#sdk.run(() => this.#asi.setID(Buffer.from(flashId, "hex")));
    return this.#flashId();
  }

  /** Subtracts a dark frame (a BMP file of the sensor's full size) from 8-bit pictures, or none any more. */
  async subtractDark(path: string | undefined): Promise<void> {
    await this.#sdk.run(() =>
      path === undefined ? this.#asi.disableDarkSubtract() : this.#asi.enableDarkSubtract(path),
    );
  }

  async #modes(): Promise<TriggerMode[]> {
    const modes = await this.#sdk.run(() => this.#asi.getCameraSupportMode());
    const mode = await this.#sdk.run(() => this.#asi.getCameraMode());
    this.#mode = modeOf(mode) ?? "NORMAL";
    return modes.map(modeOf).filter((one) => one !== undefined);
  }

  #outputs(): Promise<Record<TriggerPin, TriggerOutput> | undefined> {
    return this.#ifAny(async () => ({
      A: await this.#sdk.run(() => this.#asi.getTriggerOutputIOConf(TRIGGER_PIN.A)),
      B: await this.#sdk.run(() => this.#asi.getTriggerOutputIOConf(TRIGGER_PIN.B)),
    }));
  }

  async #recommendedGains(): Promise<GainPreset[]> {
    const told = await this.#sdk.run(() => this.#asi.getGainOffset());
    const { value } = await this.#sdk.run(() => this.#asi.getControlValue(CONTROL.gain));
    const { elecPerADU } = await this.#property();
    // Gain counts tenths of a decibel, and 20 of them are a factor of ten.
    const unity = Math.max(0, Math.round(value + 200 * Math.log10(elecPerADU)));
    return [
      { name: "HIGHEST_DR", gain: 0, offset: told.offsetHighestDR },
      { name: "UNITY", gain: unity, offset: told.offsetUnityGain },
      { name: "LOWEST_READ_NOISE", gain: told.gainLowestRN, offset: told.offsetLowestRN },
    ];
  }

  async #usualGains(): Promise<GainPreset[]> {
    const told = await this.#sdk.run(() => this.#asi.getLMHGainOffset());
    return [
      { name: "LOW", gain: told.lowGain },
      { name: "MIDDLE", gain: told.middleGain },
      { name: "HIGH", gain: told.highGain, offset: told.highOffset },
    ];
  }

  async #flashId(): Promise<string> {
    return Buffer.from(await this.#sdk.run(() => this.#asi.getID())).toString("hex");
  }

  #property() {
    return this.#sdk.run(() => cameraPropertyById(this.#library, this.#asi.cameraId));
  }

  /** What the camera or its library does not have is no failure. */
  async #ifAny<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CameraFailure && !error.removed) return undefined;
      throw error;
    }
  }
}

function isTriggerMode(name: string): name is TriggerMode {
  return Object.hasOwn(TRIGGER_MODE, name);
}

function modeOf(mode: ASI_CAMERA_MODE): TriggerMode | undefined {
  return TRIGGER_MODES.find((name) => TRIGGER_MODE[name] === mode);
}
