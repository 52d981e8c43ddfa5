import type { AsiCamera } from "../asi/index.js";
import type { CameraInfo } from "./camera-info.js";
import { CameraFailure, CameraRequestError } from "./errors.js";
import { binnedSize, type Flip, mirrored, NO_FLIP } from "./flip.js";
import { bytesPerPixel, IMAGE_TYPE } from "./pixel-format.js";
import { plausibleRegion } from "./plausibility.js";
import {
  type Capture,
  type CapturePlan,
  covers,
  GRID_1024,
  type Grid,
  planCapture,
  type Roi,
  USUAL_GRID,
  unbinned,
} from "./roi.js";
import type { SdkQueue } from "./sdk-queue.js";

/** What of the sensor a camera reads: as it was asked for, as it was programmed, and where that is in a picture. */
export class Region {
  readonly #asi: AsiCamera;
  readonly #sdk: SdkQueue;
  readonly #info: CameraInfo;
  readonly #grid: Grid;
  #flip = NO_FLIP;
  #wanted: Capture;
  #capture: Capture;
  #plan: CapturePlan;
  /** The camera stands at `#plan`. */
  #isProgrammed = false;

  constructor(asi: AsiCamera, sdk: SdkQueue, info: CameraInfo) {
    this.#asi = asi;
    this.#sdk = sdk;
    this.#info = info;
    this.#grid = needs1024(info) ? GRID_1024 : USUAL_GRID;
    this.#capture = defaultCapture(info);
    this.#wanted = this.#capture;
    this.#plan = planCapture(info.sensor, this.#capture, this.#grid, 2);
  }

  /** What the camera really does, in unbinned pixels. */
  get capture(): Capture {
    return this.#capture;
  }

  /** What the camera reads and what of it is wanted, in binned pixels of the picture, mirrored as the picture is. */
  get plan(): CapturePlan {
    return this.#plan;
  }

  get flip(): Flip {
    return this.#flip;
  }

  /** Bytes of what the camera reads. */
  get bytes(): number {
    const { width, height } = this.#plan.read;
    return width * height * bytesPerPixel(this.#capture.format);
  }

  /** Sets part of the sensor, binning and format, which must be ones that checkCapture lets pass. */
  async set(wanted: Capture): Promise<void> {
    this.#plan = await this.program(wanted);
    this.#wanted = wanted;
    this.#capture = { ...wanted, roi: unbinned(this.#plan.wanted, wanted.binning) };
    this.#isProgrammed = true;
  }

  /** Programs the camera for what was set last, unless it stands there. */
  async restore(): Promise<void> {
    if (!this.#isProgrammed) await this.set(this.#wanted);
  }

  /**
   * Programs the camera for a capture until `restore`; answers what it reads then and what of it is wanted, as `plan`
   * does.
   */
  async program(wanted: Capture): Promise<CapturePlan> {
    this.#isProgrammed = false;
    const { read, wanted: readable } = await this.#programSensor(wanted);
    const area = binnedSize(this.#info.sensor, wanted.binning);
    return {
      read: mirrored(read, area, this.#flip),
      wanted: mirrored(readable, area, this.#flip),
    };
  }

  /** Pictures are mirrored like that from now on: the same part of a picture is another part of the sensor. */
  async reflect(flip: Flip): Promise<void> {
    this.#flip = flip;
    await this.set(this.#wanted);
  }

  async #programSensor(wanted: Capture): Promise<CapturePlan> {
    let best: CapturePlan | undefined;
    // Some cameras move the start to a grid of their own without a word: read back, and reach further out.
    for (const startStep of [2, 4, 8, 16, 32]) {
      const plan = planCapture(this.#info.sensor, wanted, this.#grid, startStep, this.#flip);
      const { width, height, left, top } = plan.read;
      const read = await this.#sdk.run(async () => {
        const type = IMAGE_TYPE[wanted.format];
        await this.#asi.setROIFormat({ width, height, bin: wanted.binning, type });
        // The call before moved the start to the centre.
        await this.#asi.setStartPos({ x: left, y: top });
        const start = await this.#asi.getStartPos();
        // The library writes as many bytes as it believes in, whatever was asked for.
        const set = await this.#asi.getROIFormat();
        if (set.bin !== wanted.binning || set.type !== type) {
          throw new CameraFailure("The camera did not take over binning and format.");
        }
        const reading = { left: start.x, top: start.y, width: set.width, height: set.height };
        return plausibleRegion(reading, binnedSize(this.#info.sensor, wanted.binning));
      });
      best = { read, wanted: intersection(read, plan.wanted) };
      if (covers(read, plan.wanted)) break;
    }
    if (best === undefined) throw new CameraRequestError("The frame has no pixels.");
    return best;
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
