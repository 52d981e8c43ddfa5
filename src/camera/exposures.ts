import type { GpsData } from "../asi/index.js";
import { CameraFailure, CameraRequestError } from "./errors.js";
import { type Hardware, type Snap, type SnapEvents, takeSnap } from "./exposure.js";
import type { Features } from "./features.js";
import type { Gps } from "./gps.js";
import type { Occupancy } from "./occupancy.js";
import { develop, type Picture, type PixelOrder, type Turn } from "./picture.js";
import { readoutAllowance } from "./readout.js";
import type { Region } from "./region.js";
import { Series } from "./series.js";
import { takeTriggered } from "./triggered.js";

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

interface Surroundings {
  readonly occupancy: Occupancy;
  readonly region: Region;
  readonly features: Features;
  readonly gps: Gps;
  readonly turn: Turn;
}

/** Of a picture that was taken: when it was started, how long it was exposed, what the receiver told with it. */
interface Taken extends Pick<Picture, "startedAt" | "seconds"> {
  readonly gps?: GpsData | undefined;
}

/** A series that runs, of exposures such as this one. */
interface RunningSeries {
  readonly exposure: Exposure;
  readonly running: Series;
  /** Gives the camera to others. */
  leave(): void;
}

/** The exposures of a camera: one by one, or in a series without a pause. */
export class Exposures {
  readonly #hardware: Hardware;
  readonly #surroundings: Surroundings;
  /** The running exposure, if it can end before its time. */
  #running: { readonly finish: AbortController; readonly taken: Promise<Taken> } | undefined;
  #series: RunningSeries | undefined;

  constructor(hardware: Hardware, surroundings: Surroundings) {
    this.#hardware = hardware;
    this.#surroundings = surroundings;
  }

  /** Takes one picture into `memory`, which must hold the largest frame. */
  async expose(
    exposure: Exposure,
    memory: Uint8Array,
    events: ExposureEvents,
    signal: AbortSignal,
  ): Promise<Picture> {
    const { occupancy, region } = this.#surroundings;
    return occupancy.while("An exposure is running.", async () => {
      await region.restore();
      await this.#blink(exposure, events, signal);
      const { seconds, dark } = exposure;
      const snap = { seconds, dark, readoutAllowance: this.#readoutAllowance };
      return this.#develop(exposure, memory, (pixels) => this.#take(snap, pixels, events, signal));
    });
  }

  /**
   * Ends the running exposure now; its picture is of the time it had. Settles when that is there, or the exposure has
   * failed, which is told to whom it was for.
   */
  async finish(): Promise<void> {
    if (this.#running === undefined) {
      const isBusy = this.#surroundings.occupancy.by !== undefined;
      throw new CameraRequestError(
        isBusy ? "What is running cannot end before its time." : "No exposure is running.",
      );
    }
    const { finish, taken } = this.#running;
    finish.abort();
    await taken.catch(() => undefined);
  }

  /** Begins exposures without a pause, for nextPicture to fetch; endSeries ends them. */
  async startSeries(exposure: Exposure): Promise<void> {
    const { occupancy, region } = this.#surroundings;
    const leave = occupancy.take("A series of exposures is running.");
    try {
      this.#refuseTrigger("A series of exposures");
      await region.restore();
      const running = await Series.start(this.#hardware, this.#surroundings.gps, exposure.seconds);
      this.#series = { exposure, running, leave };
    } catch (error) {
      leave();
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
      ...(await running.next(pixels, wait)),
      seconds: exposure.seconds,
    }));
  }

  /** Ends the series, if there is one. */
  async endSeries(): Promise<void> {
    const series = this.#series;
    this.#series = undefined;
    try {
      await series?.running.end();
    } finally {
      series?.leave();
    }
  }

  get #readoutAllowance(): number {
    return readoutAllowance(this.#surroundings.region.bytes);
  }

  #refuseTrigger(what: string): void {
    if (this.#surroundings.features.mode === "NORMAL") return;
    throw new CameraRequestError(`${what} cannot wait for a trigger: set the mode NORMAL.`);
  }

  /** Exposes in the dark what nobody gets. */
  async #blink(
    { blinks }: Exposure,
    { onBlink }: ExposureEvents,
    signal: AbortSignal,
  ): Promise<void> {
    if (blinks === undefined) return;
    this.#refuseTrigger("A blink");
    const { asi, sdk } = this.#hardware;
    const silent = { onStart: () => undefined, onCountdown: () => undefined };
    const { seconds } = blinks;
    const snap = { seconds, dark: true, readoutAllowance: this.#readoutAllowance };
    for (let number = 1; number <= blinks.count; number++) {
      onBlink(number);
      await takeSnap(this.#hardware, snap, silent, signal);
      await sdk.run(() => asi.stopExposure());
    }
  }

  async #take(
    snap: Snap,
    pixels: Uint8Array,
    events: SnapEvents,
    signal: AbortSignal,
  ): Promise<Taken> {
    const { features } = this.#surroundings;
    const { seconds } = snap;
    if (features.mode !== "NORMAL") {
      const hardware = this.#hardware;
      const startedAt = await takeTriggered(hardware, features, snap, pixels, events, signal);
      return { startedAt, seconds };
    }
    const finish = new AbortController();
    const finishable = { ...snap, finish: finish.signal };
    const taken = this.#takeFinishable(finishable, pixels, events, signal);
    this.#running = { finish, taken };
    try {
      return await taken;
    } finally {
      this.#running = undefined;
    }
  }

  async #takeFinishable(
    snap: Snap,
    pixels: Uint8Array,
    events: SnapEvents,
    signal: AbortSignal,
  ): Promise<Taken> {
    let { seconds } = snap;
    const onFinish = (exposed: number) => {
      seconds = exposed;
    };
    const startedAt = await takeSnap(this.#hardware, snap, { ...events, onFinish }, signal);
    const gps = await this.#fetch(pixels);
    signal.throwIfAborted();
    return { startedAt, seconds, gps };
  }

  async #develop(
    { dark, order }: Exposure,
    memory: Uint8Array,
    fetch: (pixels: Uint8Array) => Promise<Taken>,
  ): Promise<Picture> {
    const { region, features, gps, turn } = this.#surroundings;
    // The picture is there: a camera that is gone by now may cost what is told of it, not the picture.
    const ifTold = <T>(told: Promise<T>) => told.catch(() => undefined);
    const fetchAndAsk = async (pixels: Uint8Array) => {
      const taken = await fetch(pixels);
      // Asked while the pixels are put in order.
      const electronsPerAdu = ifTold(features.electronsPerAdu());
      return { ...taken, told: { electronsPerAdu, gps: ifTold(gps.times(taken.gps)) } };
    };
    const { told, ...developed } = await develop(region, order, memory, fetchAndAsk, turn);
    const [electronsPerAdu, times] = [await told.electronsPerAdu, await told.gps];
    // The library counts microseconds.
    const seconds = Math.round(developed.seconds * 1e6) / 1e6;
    return { ...developed, seconds, isDark: dark, electronsPerAdu, gps: times };
  }

  /** Fetches the picture, twice if need be: it stays in the camera until the next start. */
  async #fetch(pixels: Uint8Array): Promise<GpsData | undefined> {
    const { gps } = this.#surroundings;
    try {
      return await gps.exposed(pixels);
    } catch (error) {
      if (!(error instanceof CameraFailure) || error.removed) throw error;
      return gps.exposed(pixels);
    }
  }
}
