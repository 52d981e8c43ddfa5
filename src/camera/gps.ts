import type { AsiCamera, AsiLibrary, GpsData } from "../asi/index.js";
import { CONTROL, type ControlInfo } from "./controls.js";
import { CameraFailure } from "./errors.js";
import type { SdkQueue } from "./sdk-queue.js";

/** When the lines of a picture were taken, and where. */
export interface GpsTimes {
  readonly startLine: GpsData;
  /** Unknown where the next picture has come before it could be asked for. */
  readonly endLine?: GpsData | undefined;
}

/** Fetches pixels, with what the receiver of a camera that has one tells of these very pixels. */
export class Gps {
  readonly #asi: AsiCamera;
  readonly #sdk: SdkQueue;
  readonly #hasReceiver: boolean;
  /** It told something when it was last asked. */
  #hasFix = true;

  constructor(
    asi: AsiCamera,
    sdk: SdkQueue,
    library: Pick<AsiLibrary, "has">,
    controls: readonly ControlInfo[],
  ) {
    this.#asi = asi;
    this.#sdk = sdk;
    const hasReceiver = controls.some(({ type }) => type === CONTROL.gps);
    this.#hasReceiver = hasReceiver && library.has("ASIGetVideoDataGPS");
  }

  /** Fetches the picture of an exposure that is over; it stays in the camera until the next one starts. */
  exposed(pixels: Uint8Array): Promise<GpsData | undefined> {
    return this.#fetch(
      () => this.#asi.getDataAfterExpGPS(pixels),
      () => this.#asi.getDataAfterExp(pixels),
    );
  }

  /** Waits so many milliseconds for a frame of the video that runs. */
  async frame(pixels: Uint8Array, wait: number): Promise<GpsData | undefined> {
    const plain = () => this.#asi.getVideoData(pixels, wait);
    // A frame that came without its time may be lost: it is not to happen to every one.
    if (this.#hasFix) return this.#fetch(() => this.#asi.getVideoDataGPS(pixels, wait), plain);
    await this.#sdk.run(plain);
    return undefined;
  }

  /**
   * When the lines of the picture fetched last were taken. `fetched` is what came with it; without that, no
   * other picture may have come since.
   */
  async times(fetched?: GpsData): Promise<GpsTimes | undefined> {
    if (!this.#hasReceiver) return undefined;
    const last = await this.#last();
    if (fetched === undefined || last?.startLine.utc === fetched.utc) return last;
    return { startLine: fetched };
  }

  async #last(): Promise<GpsTimes | undefined> {
    try {
      const last = await this.#sdk.run(() => this.#asi.gpsGetData());
      this.#hasFix = true;
      return last;
    } catch (error) {
      if (!(error instanceof CameraFailure)) throw error;
      return undefined;
    }
  }

  async #fetch(
    withTime: () => Promise<GpsData>,
    plain: () => Promise<void>,
  ): Promise<GpsData | undefined> {
    if (this.#hasReceiver) {
      try {
        return await this.#sdk.run(withTime);
      } catch (error) {
        if (!isOfReceiver(error)) throw error;
        this.#hasFix = false;
      }
    }
    await this.#sdk.run(plain);
    return undefined;
  }
}

/** Whether it was the receiver that failed: the pixels are to be had. */
function isOfReceiver(error: unknown): boolean {
  return error instanceof CameraFailure && /^ASI_ERROR_GPS_/.test(error.codeName ?? "");
}
