import type { GpsData } from "../asi/index.js";
import { CONTROL } from "./controls.js";
import { countDown } from "./countdown.js";
import { CameraFailure, isTimeout } from "./errors.js";
import type { Hardware } from "./exposure.js";
import type { Gps } from "./gps.js";

/**
 * The longest wait for a picture in one call of the library, in milliseconds: it can miss its own wake-up, and other
 * requests want their turn.
 */
const WAIT = 50;

/** A picture may be there this much earlier than reckoned, in milliseconds. */
const EARLY = 100;

/** How one picture of a series is waited for. */
export interface SeriesWait {
  /** Milliseconds from the end of the exposure until the picture must be there. */
  readonly readoutAllowance: number;
  /** Hears the whole seconds left, once a second; 0 when the exposure is over. */
  onCountdown(secondsLeft: number): void;
  readonly signal: AbortSignal;
}

/**
 * Exposures without a pause: while one is read out, the next is exposed. The library does that in its video mode.
 *
 * When the first exposure began is known; the others began as much later as they came later, so pictures must be
 * fetched at once for their times to be exact.
 */
export class Series {
  readonly #hardware: Hardware;
  readonly #gps: Gps;
  readonly #seconds: number;
  readonly #startedAt: number;
  readonly #started: number;
  #firstCame: number | undefined;
  #lastCame: number;

  private constructor(hardware: Hardware, gps: Gps, seconds: number) {
    this.#hardware = hardware;
    this.#gps = gps;
    this.#seconds = seconds;
    this.#startedAt = hardware.clock.timeOfDay();
    this.#started = hardware.clock.now();
    this.#lastCame = this.#started;
  }

  /** Begins the first exposure. */
  static async start(hardware: Hardware, gps: Gps, seconds: number): Promise<Series> {
    const { asi, sdk } = hardware;
    const microseconds = Math.round(seconds * 1e6);
    await sdk.run(() => asi.setControlValue(CONTROL.exposure, microseconds));
    const series = new Series(hardware, gps, seconds);
    await sdk.run(() => asi.startVideoCapture());
    return series;
  }

  /**
   * Puts the next picture into `pixels`; answers the time of day its exposure started, in milliseconds, and what the
   * receiver told with it.
   */
  async next(
    pixels: Uint8Array,
    wait: SeriesWait,
  ): Promise<{ startedAt: number; gps?: GpsData | undefined }> {
    const { clock } = this.#hardware;
    const { onCountdown, signal } = wait;
    const end = this.#lastCame + this.#seconds * 1000;
    await countDown(clock, { end, early: EARLY, onSecond: onCountdown }, signal);
    onCountdown(0);
    const gps = await this.#frame(pixels, end, wait);
    this.#lastCame = clock.now();
    this.#firstCame ??= this.#lastCame;
    return { startedAt: this.#startedAt + (this.#lastCame - this.#firstCame), gps };
  }

  /** Stops the camera, also in mid-exposure. */
  async end(): Promise<void> {
    const { asi, sdk } = this.#hardware;
    await sdk.overtake(() => asi.stopVideoCapture());
  }

  async #frame(
    pixels: Uint8Array,
    end: number,
    { readoutAllowance, signal }: SeriesWait,
  ): Promise<GpsData | undefined> {
    const { clock } = this.#hardware;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.#gps.frame(pixels, WAIT);
      } catch (error) {
        if (!isTimeout(error)) throw error;
        if (clock.now() > end + readoutAllowance) {
          throw new CameraFailure(
            `The camera did not deliver the picture within ${readoutAllowance / 1000} s after the exposure.`,
          );
        }
        // A library that gives up at once must not cost a core.
        await clock.sleep(1, signal);
      }
    }
  }
}
