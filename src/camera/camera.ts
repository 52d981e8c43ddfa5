import { type AsiCamera, type AsiLibrary, GuideLines } from "../asi/index.js";
import { planesFromBgr, toFitsOrder16 } from "../fits/index.js";
import type { CameraIdentity, CameraInfo } from "./camera-info.js";
import type { Clock } from "./clock.js";
import {
  CONTROL,
  type Control,
  type ControlInfo,
  type ControlType,
  type ControlValue,
} from "./controls.js";
import { CameraFailure, CameraRequestError } from "./errors.js";
import { type SnapEvents, takeSnap } from "./exposure.js";
import { GUIDE_DIRECTION } from "./guide-port.js";
import { openByIdentity } from "./opening.js";
import { bytesPerPixel, IMAGE_TYPE, PIXEL_LAYOUT } from "./pixel-format.js";
import { readoutAllowance } from "./readout.js";
import {
  type Capture,
  type CapturePlan,
  checkCapture,
  covers,
  cropInPlace,
  GRID_1024,
  type Grid,
  planCapture,
  type Roi,
  USUAL_GRID,
  unbinned,
} from "./roi.js";
import { SdkQueue } from "./sdk-queue.js";

/** A picture to take with the capture settings of the moment. */
export interface Exposure {
  readonly seconds: number;
  /** Keeps a mechanical shutter closed, where there is one. */
  readonly dark: boolean;
  /** "fits": 16-bit samples big-endian and offset by 32768, colour as three planes. "camera": as they came. */
  readonly order: "fits" | "camera";
}

/** A picture that was taken; its pixels lie at the beginning of the memory given for it. */
export interface Picture {
  /** In binned pixels of the sensor: exactly what was delivered. */
  readonly roi: Roi;
  readonly binning: number;
  readonly format: Capture["format"];
  readonly bytes: number;
  /** Time of day at which the exposure started, in milliseconds since 1970 with fractions. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly isDark: boolean;
}

/** What a camera tells once it is open. */
export interface OpenedCamera {
  readonly info: CameraInfo;
  readonly sdkVersion: string;
  readonly controls: readonly Control[];
  /** In seconds. */
  readonly exposureLimits: { readonly min: number; readonly max: number };
  readonly capture: Capture;
}

/**
 * A camera at work: everything the daemon may ask of it, in plain words, on top of the vendor library.
 *
 * One request at a time changes the capture; whoever calls keeps that order. Every method throws
 * CameraRequestError for what cannot be asked and CameraFailure for what the camera did not do.
 */
export class Camera {
  readonly #asi: AsiCamera;
  readonly #sdk: SdkQueue;
  readonly #clock: Clock;
  readonly #info: CameraInfo;
  readonly #controls: readonly ControlInfo[];
  readonly #library: AsiLibrary;
  readonly #grid: Grid;
  #capture: Capture;
  /** What the camera is set to; unknown after a setting that failed half-way. */
  #plan: CapturePlan | undefined;
  #exposing = false;

  private constructor(
    asi: AsiCamera,
    sdk: SdkQueue,
    clock: Clock,
    about: { library: AsiLibrary; info: CameraInfo; controls: readonly ControlInfo[] },
  ) {
    this.#asi = asi;
    this.#sdk = sdk;
    this.#clock = clock;
    this.#info = about.info;
    this.#controls = about.controls;
    this.#library = about.library;
    this.#grid = needs1024(about.info) ? GRID_1024 : USUAL_GRID;
    this.#capture = defaultCapture(about.info);
  }

  /** Opens the camera of that identity, with all relays released and its capture at full frame. */
  static async open(library: AsiLibrary, identity: CameraIdentity, clock: Clock): Promise<Camera> {
    const sdk = new SdkQueue();
    const { asi, info, controls } = await openByIdentity(library, sdk, identity);
    const camera = new Camera(asi, sdk, clock, { library, info, controls });
    try {
      await camera.releaseRelays();
      await camera.#setSafeBandwidth();
      await camera.setCapture(camera.#capture);
    } catch (error) {
      await camera.close();
      throw error;
    }
    return camera;
  }

  get id(): number {
    return this.#asi.cameraId;
  }

  async describe(): Promise<OpenedCamera> {
    const values = await this.readControls();
    const controls = this.#controls.map((info) => ({
      ...info,
      ...(values.find(({ type }) => type === info.type) ?? {
        type: info.type,
        value: info.default,
        auto: false,
      }),
    }));
    const exposure = this.#controls.find(({ type }) => type === CONTROL.exposure);
    return {
      info: this.#info,
      sdkVersion: this.#library.version,
      controls,
      exposureLimits: {
        min: (exposure?.min ?? 32) / 1e6,
        max: (exposure?.max ?? 2_000_000_000) / 1e6,
      },
      capture: this.#capture,
    };
  }

  /** Sets part of the sensor, binning and format; answers what was really set, in unbinned pixels. */
  async setCapture(wanted: Capture): Promise<Capture> {
    checkCapture(this.#info.sensor, wanted);
    if (this.#exposing) throw new CameraRequestError("An exposure is running.");
    this.#plan = undefined;
    const plan = await this.#program(wanted);
    this.#plan = plan;
    this.#capture = { ...wanted, roi: unbinned(plan.wanted, wanted.binning) };
    return this.#capture;
  }

  async #program(wanted: Capture): Promise<CapturePlan> {
    let best: CapturePlan | undefined;
    // Some cameras move the start to a grid of their own without a word: read back, and reach further out.
    for (const startStep of [2, 4, 8, 16, 32]) {
      const plan = planCapture(this.#info.sensor, wanted, this.#grid, startStep);
      const { width, height, left, top } = plan.read;
      const read = await this.#sdk.run(async () => {
        const type = IMAGE_TYPE[wanted.format];
        await this.#asi.setROIFormat({ width, height, bin: wanted.binning, type });
        // The call before moved the start to the centre.
        await this.#asi.setStartPos({ x: left, y: top });
        const start = await this.#asi.getStartPos();
        return { left: start.x, top: start.y, width, height };
      });
      best = { read, wanted: intersection(read, plan.wanted) };
      if (covers(read, plan.wanted)) break;
    }
    if (best === undefined) throw new CameraRequestError("The frame has no pixels.");
    return best;
  }

  /** Sets one control; answers where it stands then, which need not be what was asked. */
  async setControl({ type, value, auto }: ControlValue): Promise<ControlValue> {
    return this.#sdk.run(async () => {
      await this.#asi.setControlValue(type, Math.round(value), auto);
      return { type, ...(await this.#asi.getControlValue(type)) };
    });
  }

  /** Reads controls, all of them unless told which. */
  async readControls(types: readonly ControlType[] = this.#controls.map(({ type }) => type)) {
    const values: ControlValue[] = [];
    for (const type of types) {
      values.push({ type, ...(await this.#sdk.run(() => this.#asi.getControlValue(type))) });
    }
    return values;
  }

  /** Takes one picture into `memory`, which must hold the largest frame. */
  async expose(
    { seconds, dark, order }: Exposure,
    memory: Uint8Array,
    events: SnapEvents,
    signal: AbortSignal,
  ): Promise<Picture> {
    if (this.#exposing) throw new CameraRequestError("An exposure is running.");
    this.#exposing = true;
    try {
      const { binning, format } = this.#capture;
      this.#plan ??= await this.#program(this.#capture);
      const { read, wanted } = this.#plan;
      const readBytes = read.width * read.height * bytesPerPixel(format);
      const startedAt = await takeSnap(
        { asi: this.#asi, sdk: this.#sdk, clock: this.#clock },
        { seconds, dark, readoutAllowance: readoutAllowance(readBytes) },
        events,
        signal,
      );
      // Planes cannot be sorted in place.
      const isSorted = order === "fits" && PIXEL_LAYOUT[format].planes === 3;
      const pixels = isSorted ? new Uint8Array(readBytes) : memory.subarray(0, readBytes);
      await this.#fetch(pixels);
      signal.throwIfAborted();
      const bytes = cropInPlace(pixels, read, wanted, format);
      if (isSorted) planesFromBgr(pixels.subarray(0, bytes), memory.subarray(0, bytes));
      else if (order === "fits" && format === "RAW16") toFitsOrder16(memory.subarray(0, bytes));
      return { roi: wanted, binning, format, bytes, startedAt, seconds, isDark: dark };
    } finally {
      this.#exposing = false;
    }
  }

  /** Fetches the picture, twice if need be: it stays in the camera until the next start. */
  async #fetch(pixels: Uint8Array): Promise<void> {
    const fetch = () => this.#sdk.run(() => this.#asi.getDataAfterExp(pixels));
    try {
      await fetch();
    } catch (error) {
      if (!(error instanceof CameraFailure) || error.removed) throw error;
      await fetch();
    }
  }

  /** Opens all relays of the guide port: whoever used the camera before may have left one closed. */
  async releaseRelays(): Promise<void> {
    if (!this.#info.hasGuidePort) return;
    const lines = new GuideLines(this.#library, this.#asi.cameraId);
    for (const direction of Object.values(GUIDE_DIRECTION)) {
      await this.#sdk.overtake(async () => lines.pulseGuideOff(direction));
    }
  }

  /** Starts with the USB bandwidth that works everywhere, as the C++ driver does; clients raise it. */
  async #setSafeBandwidth(): Promise<void> {
    const range = this.#controls.find(({ type }) => type === CONTROL.bandwidth);
    if (range === undefined) return;
    const isOnSlowerHost = this.#info.isUsb3Camera && !this.#info.isUsb3Host;
    const value = isOnSlowerHost ? 0.8 * range.max : range.min;
    await this.setControl({ type: CONTROL.bandwidth, value, auto: false });
  }

  /** Stops what runs, releases the relays and closes the camera; the cooler is left as it is. */
  async close(): Promise<void> {
    await this.#sdk.overtake(() => this.#asi.stopExposure()).catch(() => undefined);
    await this.releaseRelays().catch(() => undefined);
    await this.#sdk.run(() => this.#asi.close());
  }
}

/** Full frame, unbinned, in the deepest format that works. */
function defaultCapture({ sensor, name, isUsb3Camera }: CameraInfo): Capture {
  // 16 bits are not reliable on the USB2 generation of these two (contract of the C++ driver).
  const shallow = /ASI1[23]0/.test(name) && !isUsb3Camera;
  const format = sensor.formats.includes("RAW16") && !shallow ? "RAW16" : sensor.formats[0];
  if (format === undefined) throw new CameraRequestError(`${name} reports no picture format.`);
  return {
    roi: { left: 0, top: 0, width: sensor.width, height: sensor.height },
    binning: 1,
    format,
  };
}

function needs1024({ name, isUsb3Camera }: CameraInfo): boolean {
  return name.includes("ASI120") && !isUsb3Camera;
}

function intersection(a: Roi, b: Roi): Roi {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.min(a.left + a.width, b.left + b.width) - left,
    height: Math.min(a.top + a.height, b.top + b.height) - top,
  };
}
