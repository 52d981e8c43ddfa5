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
import { Exposures } from "./exposures.js";
import { Features, type TriggerMode } from "./features.js";
import { type Flip, toFlip } from "./flip.js";
import { Gps } from "./gps.js";
import { GUIDE_DIRECTION } from "./guide-port.js";
import { Occupancy } from "./occupancy.js";
import { openByIdentity } from "./opening.js";
import type { Turn } from "./picture.js";
import { bytesPerPixel } from "./pixel-format.js";
import { plausibleValue } from "./plausibility.js";
import { Region } from "./region.js";
import { type Capture, checkCapture, cropInPlace, type Roi, unbinned } from "./roi.js";
import { SdkQueue } from "./sdk-queue.js";
import { runVideo, type VideoSink } from "./video.js";

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
  readonly #occupancy = new Occupancy();
  /** What only some cameras have. */
  readonly features: Features;
  /** Taking pictures. */
  readonly exposures: Exposures;

  private constructor(
    asi: AsiCamera,
    sdk: SdkQueue,
    clock: Clock,
    turn: Turn,
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
    this.exposures = new Exposures(
      { asi, sdk, clock },
      {
        occupancy: this.#occupancy,
        region: this.#region,
        features: this.features,
        gps: new Gps(asi, sdk, about.library, about.controls),
        turn,
      },
    );
  }

  /** Opens the camera of that identity, with all relays released and its capture at full frame. */
  static async open(
    library: AsiLibrary,
    identity: CameraIdentity,
    clock: Clock,
    turn: Turn,
  ): Promise<Camera> {
    const sdk = new SdkQueue();
    const { asi, info, controls } = await openByIdentity(library, sdk, identity);
    const camera = new Camera(asi, sdk, clock, turn, { library, info, controls });
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

  /** Bytes of a picture as the camera delivers it with the capture settings of the moment. */
  get frameBytes(): number {
    return this.#region.bytes;
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
    this.#occupancy.refuse();
    await this.#region.set(wanted);
    return this.#region.capture;
  }

  /** Sets what starts exposures, while none runs; answers what does then. */
  async setTriggerMode(mode: TriggerMode): Promise<TriggerMode> {
    this.#occupancy.refuse();
    return this.features.setMode(mode);
  }

  /** Sets one control; answers where it stands then, which need not be what was asked. */
  async setControl({ type, value, auto }: ControlValue): Promise<ControlValue> {
    if (type === CONTROL.flip) this.#occupancy.refuse();
    const result = await this.#sdk.run(async () => {
      await this.#asi.setControlValue(type, Math.round(value), auto);
      const told = await this.#asi.getControlValue(type);
      return { type, ...told, value: plausibleValue(told.value) };
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
      const told = await this.#sdk.run(() => this.#asi.getControlValue(type));
      values.push({ type, ...told, value: plausibleValue(told.value) });
    }
    return values;
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
    return this.#occupancy.while("A video is running.", async () => {
      const whole = this.#region.capture;
      const { binning, format } = whole;
      const { left, top, width, height } = unbinned(part, binning);
      const roi = { left: whole.roi.left + left, top: whole.roi.top + top, width, height };
      checkCapture(this.#info.sensor, { ...whole, roi });
      try {
        const { read, wanted } = await this.#region.program({ ...whole, roi });
        const bytes = read.width * read.height * bytesPerPixel(format);
        await runVideo(
          { asi: this.#asi, sdk: this.#sdk, clock: this.#clock },
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
    await this.exposures.endSeries().catch(() => undefined);
    await this.#sdk.overtake(() => this.#asi.stopExposure()).catch(() => undefined);
    await this.releaseRelays().catch(() => undefined);
    await this.#sdk.run(() => this.#asi.close());
  }
}
