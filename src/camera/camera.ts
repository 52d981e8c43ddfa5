import { type AsiCamera, type AsiLibrary, cameraPropertyById, GuideLines } from "../asi/index.js";
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
import { type Hardware, type Snap, type SnapEvents, takeSnap } from "./exposure.js";
import { type Flip, toFlip } from "./flip.js";
import { GUIDE_DIRECTION } from "./guide-port.js";
import { openByIdentity } from "./opening.js";
import { PIXEL_LAYOUT } from "./pixel-format.js";
import { readoutAllowance } from "./readout.js";
import { Region } from "./region.js";
import { type Capture, checkCapture, cropInPlace, type Roi } from "./roi.js";
import { SdkQueue } from "./sdk-queue.js";
import { Series } from "./series.js";

/** A picture to take with the capture settings of the moment. */
export interface Exposure {
  readonly seconds: number;
  /** Keeps a mechanical shutter closed, where there is one. */
  readonly dark: boolean;
  /**
   * "fits": 16-bit samples big-endian and offset by 32768, colour as three planes. "planes": colour as three
   * planes. "camera": as they came.
   */
  readonly order: "fits" | "planes" | "camera";
  /** Exposures in the dark before it, which nobody gets: they calm some sensors. */
  readonly blinks?: { readonly count: number; readonly seconds: number } | undefined;
}

/** What whoever waits for a picture may want to know. */
export interface ExposureEvents extends SnapEvents {
  /** Exposure number so much of the ones nobody gets begins. */
  onBlink(number: number): void;
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
  readonly flip: Flip;
  /** What one step of the analogue-to-digital converter stands for, at the gain of this picture. */
  readonly electronsPerAdu?: number | undefined;
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
  readonly #region: Region;
  #exposing = false;
  #series: { readonly exposure: Exposure; readonly running: Series } | undefined;

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
    this.#region = new Region(asi, sdk, about.info);
  }

  /** Opens the camera of that identity, with all relays released and its capture at full frame. */
  static async open(library: AsiLibrary, identity: CameraIdentity, clock: Clock): Promise<Camera> {
    const sdk = new SdkQueue();
    const { asi, info, controls } = await openByIdentity(library, sdk, identity);
    const camera = new Camera(asi, sdk, clock, { library, info, controls });
    try {
      await camera.releaseRelays();
      await camera.#setSafeBandwidth();
      await camera.#startRegion();
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
      capture: this.#region.capture,
    };
  }

  /** Sets part of the sensor, binning and format; answers what was really set, in unbinned pixels. */
  async setCapture(wanted: Capture): Promise<Capture> {
    checkCapture(this.#info.sensor, wanted);
    this.#refuseWhileExposing();
    await this.#region.set(wanted);
    return this.#region.capture;
  }

  /** Sets one control; answers where it stands then, which need not be what was asked. */
  async setControl({ type, value, auto }: ControlValue): Promise<ControlValue> {
    if (type === CONTROL.flip) this.#refuseWhileExposing();
    const result = await this.#sdk.run(async () => {
      await this.#asi.setControlValue(type, Math.round(value), auto);
      return { type, ...(await this.#asi.getControlValue(type)) };
    });
    if (type === CONTROL.flip) await this.#region.reflect(toFlip(result.value));
    return result;
  }

  /** Programs the whole sensor, mirrored as whoever used the camera before left it. */
  async #startRegion(): Promise<void> {
    const hasFlip = this.#controls.some(({ type }) => type === CONTROL.flip);
    const [flip] = hasFlip ? await this.readControls([CONTROL.flip]) : [];
    await this.#region.reflect(toFlip(flip?.value ?? 0));
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
    exposure: Exposure,
    memory: Uint8Array,
    events: ExposureEvents,
    signal: AbortSignal,
  ): Promise<Picture> {
    this.#refuseWhileExposing();
    this.#exposing = true;
    try {
      const { seconds, dark, blinks = { count: 0, seconds: 0 } } = exposure;
      for (let number = 1; number <= blinks.count; number++) {
        events.onBlink(number);
        const silent = { onStart: () => undefined, onCountdown: () => undefined };
        await this.#snap({ seconds: blinks.seconds, dark: true }, silent, signal);
        await this.#sdk.run(() => this.#asi.stopExposure());
      }
      const startedAt = await this.#snap({ seconds, dark }, events, signal);
      return await this.#develop(exposure, memory, async (pixels) => {
        await this.#fetch(pixels);
        signal.throwIfAborted();
        return startedAt;
      });
    } finally {
      this.#exposing = false;
    }
  }

  /** Begins exposures without a pause, for nextPicture to fetch; endSeries ends them. */
  async startSeries(exposure: Exposure): Promise<void> {
    this.#refuseWhileExposing();
    this.#exposing = true;
    try {
      this.#series = { exposure, running: await Series.start(this.#hardware, exposure.seconds) };
    } catch (error) {
      this.#exposing = false;
      throw error;
    }
  }

  /** Waits for the next picture of the series and puts it into `memory`, which must hold the largest frame. */
  async nextPicture(
    memory: Uint8Array,
    onCountdown: (secondsLeft: number) => void,
    signal: AbortSignal,
  ): Promise<Picture> {
    const series = this.#series;
    if (series === undefined) throw new CameraRequestError("There is no series of exposures.");
    const wait = { readoutAllowance: this.#readoutAllowance, onCountdown, signal };
    return this.#develop(series.exposure, memory, (pixels) => series.running.next(pixels, wait));
  }

  /** Ends the series, if there is one. */
  async endSeries(): Promise<void> {
    const series = this.#series;
    this.#series = undefined;
    if (series === undefined) return;
    try {
      await series.running.end();
    } finally {
      this.#exposing = false;
    }
  }

  get #hardware(): Hardware {
    return { asi: this.#asi, sdk: this.#sdk, clock: this.#clock };
  }

  get #readoutAllowance(): number {
    return readoutAllowance(this.#region.bytes);
  }

  #refuseWhileExposing(): void {
    if (this.#exposing) throw new CameraRequestError("An exposure is running.");
  }

  #snap(snap: Pick<Snap, "seconds" | "dark">, events: SnapEvents, signal: AbortSignal) {
    const whole = { ...snap, readoutAllowance: this.#readoutAllowance };
    return takeSnap(this.#hardware, whole, events, signal);
  }

  /** Makes the picture wanted of what `fetch` gets from the camera; `fetch` answers when the exposure started. */
  async #develop(
    { seconds, dark, order }: Exposure,
    memory: Uint8Array,
    fetch: (pixels: Uint8Array) => Promise<number>,
  ): Promise<Picture> {
    const { capture, plan, flip, bytes: readBytes } = this.#region;
    const { binning, format } = capture;
    const { read, wanted } = plan;
    // Planes cannot be sorted in place.
    const isSorted = order !== "camera" && PIXEL_LAYOUT[format].planes === 3;
    const pixels = isSorted ? new Uint8Array(readBytes) : memory.subarray(0, readBytes);
    const startedAt = await fetch(pixels);
    const bytes = cropInPlace(pixels, read, wanted, format);
    if (isSorted) planesFromBgr(pixels.subarray(0, bytes), memory.subarray(0, bytes));
    else if (order === "fits" && format === "RAW16") toFitsOrder16(memory.subarray(0, bytes));
    const electronsPerAdu = await this.#electronsPerAdu();
    return {
      ...{ roi: wanted, binning, format, flip, bytes },
      ...{ startedAt, seconds, isDark: dark, electronsPerAdu },
    };
  }

  /** Unknown to libraries that describe cameras only before they are opened. */
  async #electronsPerAdu(): Promise<number | undefined> {
    try {
      return await this.#sdk.run(
        async () => (await cameraPropertyById(this.#library, this.id)).elecPerADU,
      );
    } catch (error) {
      if (error instanceof CameraFailure && !error.removed) return undefined;
      throw error;
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
    await this.endSeries().catch(() => undefined);
    await this.#sdk.overtake(() => this.#asi.stopExposure()).catch(() => undefined);
    await this.releaseRelays().catch(() => undefined);
    await this.#sdk.run(() => this.#asi.close());
  }
}
