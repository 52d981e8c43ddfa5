import { type AsiCamera, type AsiLibrary, GuideLines } from "../asi/index.js";
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
import { Features } from "./features.js";
import { type Flip, toFlip } from "./flip.js";
import { GUIDE_DIRECTION } from "./guide-port.js";
import { openByIdentity } from "./opening.js";
import { develop, type Picture, type PixelOrder } from "./picture.js";
import { bytesPerPixel } from "./pixel-format.js";
import { readoutAllowance } from "./readout.js";
import { Region } from "./region.js";
import { type Capture, checkCapture, cropInPlace, type Roi, unbinned } from "./roi.js";
import { SdkQueue } from "./sdk-queue.js";
import { Series } from "./series.js";
import { takeTriggered } from "./triggered.js";
import { runVideo, type VideoSink } from "./video.js";

/** A picture to take with the capture settings of the moment. */
export interface Exposure {
  readonly seconds: number;
  /** Keeps a mechanical shutter closed, where there is one. */
  readonly dark: boolean;
  readonly order: PixelOrder;
  /** Exposures in the dark before it, which nobody gets: they calm some sensors. */
  readonly blinks?: { readonly count: number; readonly seconds: number } | undefined;
}

/** What whoever waits for a picture may want to know. */
export interface ExposureEvents extends SnapEvents {
  /** Exposure number so much of the ones nobody gets begins. */
  onBlink(number: number): void;
}

/** What the frames of a video will be. */
export interface VideoGeometry {
  /** In binned pixels of the sensor: exactly what is delivered. */
  readonly roi: Roi;
  readonly binning: number;
  readonly format: Capture["format"];
  readonly flip: Flip;
  /** The memory the camera needs to write a frame, of which the frame then takes the beginning. */
  readonly bytes: number;
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

/** What takes the camera for itself. */
type Busy = "An exposure is running." | "A series of exposures is running." | "A video is running.";

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
  #busy: Busy | undefined;
  /** Ends the running exposure before its time. */
  #finish: AbortController | undefined;
  #series: { readonly exposure: Exposure; readonly running: Series } | undefined;
  /** What only some cameras have. */
  readonly features: Features;

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
    this.features = new Features(asi, sdk, about.library, about.info);
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
    this.#refuseWhileBusy();
    await this.#region.set(wanted);
    return this.#region.capture;
  }

  /** Sets one control; answers where it stands then, which need not be what was asked. */
  async setControl({ type, value, auto }: ControlValue): Promise<ControlValue> {
    if (type === CONTROL.flip) this.#refuseWhileBusy();
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
    return this.#while("An exposure is running.", async () => {
      await this.#region.restore();
      await this.#blink(exposure, events, signal);
      const { seconds, dark } = exposure;
      const snap = { seconds, dark, readoutAllowance: this.#readoutAllowance };
      return this.#develop(exposure, memory, (pixels) => this.#take(snap, pixels, events, signal));
    });
  }

  /** Begins exposures without a pause, for nextPicture to fetch; endSeries ends them. */
  async startSeries(exposure: Exposure): Promise<void> {
    this.#refuseWhileBusy();
    this.#refuseTrigger("A series of exposures");
    this.#busy = "A series of exposures is running.";
    try {
      await this.#region.restore();
      this.#series = { exposure, running: await Series.start(this.#hardware, exposure.seconds) };
    } catch (error) {
      this.#busy = undefined;
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
    const { exposure, running } = series;
    const wait = { readoutAllowance: this.#readoutAllowance, onCountdown, signal };
    return this.#develop(exposure, memory, async (pixels) => ({
      startedAt: await running.next(pixels, wait),
      seconds: exposure.seconds,
    }));
  }

  /** Ends the series, if there is one. */
  async endSeries(): Promise<void> {
    const series = this.#series;
    this.#series = undefined;
    if (series === undefined) return;
    try {
      await series.running.end();
    } finally {
      this.#busy = undefined;
    }
  }

  /**
   * Runs a video of a part of the capture, in its binned pixels, until `signal` aborts. `open` is told what
   * its frames will be, and gives where they go.
   */
  async video(
    part: Roi,
    open: (geometry: VideoGeometry) => VideoSink,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#while("A video is running.", async () => {
      const whole = this.#region.capture;
      const { binning, format } = whole;
      const { left, top, width, height } = unbinned(part, binning);
      const roi = { left: whole.roi.left + left, top: whole.roi.top + top, width, height };
      checkCapture(this.#info.sensor, { ...whole, roi });
      try {
        const { read, wanted } = await this.#region.program({ ...whole, roi });
        const bytes = read.width * read.height * bytesPerPixel(format);
        await runVideo(
          this.#hardware,
          open({ roi: wanted, binning, format, flip: this.#region.flip, bytes }),
          (memory) => cropInPlace(memory, read, wanted, format),
          signal,
        );
      } finally {
        // Where this fails the camera is gone, or the next exposure tries again.
        await this.#region.restore().catch(() => undefined);
      }
    });
  }

  /** Ends the running exposure now; its picture is of the time it had. */
  finishExposure(): void {
    if (this.#finish === undefined) {
      const isBusy = this.#busy !== undefined;
      throw new CameraRequestError(
        isBusy ? "What is running cannot end before its time." : "No exposure is running.",
      );
    }
    this.#finish.abort();
  }

  get #hardware(): Hardware {
    return { asi: this.#asi, sdk: this.#sdk, clock: this.#clock };
  }

  get #readoutAllowance(): number {
    return readoutAllowance(this.#region.bytes);
  }

  #refuseWhileBusy(): void {
    if (this.#busy !== undefined) throw new CameraRequestError(this.#busy);
  }

  #refuseTrigger(what: string): void {
    if (this.features.mode === "NORMAL") return;
    throw new CameraRequestError(`${what} cannot wait for a trigger: set the mode NORMAL.`);
  }

  /** Does what needs the camera for itself. */
  async #while<T>(busy: Busy, act: () => Promise<T>): Promise<T> {
    this.#refuseWhileBusy();
    this.#busy = busy;
    try {
      return await act();
    } finally {
      this.#busy = undefined;
    }
  }

  /** Exposes in the dark what nobody gets. */
  async #blink(
    { blinks }: Exposure,
    { onBlink }: ExposureEvents,
    signal: AbortSignal,
  ): Promise<void> {
    if (blinks === undefined) return;
    this.#refuseTrigger("A blink");
    const silent = { onStart: () => undefined, onCountdown: () => undefined };
    const { seconds } = blinks;
    const snap = { seconds, dark: true, readoutAllowance: this.#readoutAllowance };
    for (let number = 1; number <= blinks.count; number++) {
      onBlink(number);
      await takeSnap(this.#hardware, snap, silent, signal);
      await this.#sdk.run(() => this.#asi.stopExposure());
    }
  }

  /** Takes a picture into `pixels`; answers when it was started, and how long it was exposed in seconds. */
  async #take(snap: Snap, pixels: Uint8Array, events: SnapEvents, signal: AbortSignal) {
    const { features } = this;
    let { seconds } = snap;
    if (features.mode !== "NORMAL") {
      const hardware = this.#hardware;
      const startedAt = await takeTriggered(hardware, features, snap, pixels, events, signal);
      return { startedAt, seconds };
    }
    this.#finish = new AbortController();
    const onFinish = (exposed: number) => {
      seconds = exposed;
    };
    try {
      const finishable = { ...snap, finish: this.#finish.signal };
      const all = { ...events, onFinish };
      const startedAt = await takeSnap(this.#hardware, finishable, all, signal);
      await this.#fetch(pixels);
      signal.throwIfAborted();
      return { startedAt, seconds };
    } finally {
      this.#finish = undefined;
    }
  }

  async #develop(
    { dark, order }: Exposure,
    memory: Uint8Array,
    fetch: (pixels: Uint8Array) => Promise<Pick<Picture, "startedAt" | "seconds">>,
  ): Promise<Picture> {
    const developed = await develop(this.#region, order, memory, fetch);
    const hasGps = this.#controls.some(({ type }) => type === CONTROL.gps);
    return {
      ...developed,
      isDark: dark,
      electronsPerAdu: await this.features.electronsPerAdu(),
      gps: hasGps ? await this.features.gpsTimes() : undefined,
    };
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
