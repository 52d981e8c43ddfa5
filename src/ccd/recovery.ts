import { unlessAborted } from "../camera/abort.js";
import type { Clock } from "../camera/clock.js";
import { CameraFailure, MemoryFull, ProcessFailure } from "../camera/errors.js";
import type { Exposure } from "../camera/exposures.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { ExposeOptions, Frame } from "../camera/process/remote-pictures.js";
import type { Connection } from "../indi/connection.js";
import type { MessageLevel } from "../indi/types.js";
import { USB_RESET } from "./definitions.js";

/** An exposure that fails within its time and so many milliseconds is taken again; later ones are the client's to repeat. */
const PATIENCE = 4_000;

/** One step of bringing a camera back that takes no pictures; its settings are restored with it. */
interface Rung {
  /** How clients hear of it. */
  readonly telling: string;
  /** Answers what was left out, in words, if anything was. */
  climb(camera: RemoteCamera): Promise<string | undefined>;
}

/** From mild to harsh; the mildest of all, starting again, is the camera process's own. */
const RUNGS: readonly Rung[] = [
  {
    telling: "The camera is closed and opened again.",
    async climb(camera) {
      await camera.reopen();
      return undefined;
    },
  },
  {
    telling: "The camera is given to a new process.",
    async climb(camera) {
      await camera.replace("it took no pictures");
      return undefined;
    },
  },
];

/** The one that users must permit: it is as if the cable was pulled. */
const RESET: Rung = {
  telling: "The camera is reset for a last attempt.",
  climb: (camera) => camera.reset(),
};

interface Surroundings {
  readonly clock: Clock;
  /** Whether the camera may be reset on the bus. */
  mayReset(): boolean;
  message(text: string, level: MessageLevel): void;
}

/**
 * Takes pictures with a camera that may fail: each failure is a step up a ladder, each picture leads back to its foot.
 *
 * As steps count on from request to request, a camera whose exposures fail only at their end is brought back too, while
 * no request takes longer than its exposure, the attempts that failed early and the steps.
 */
export class Recovery {
  readonly #camera: RemoteCamera;
  readonly #surroundings: Surroundings;
  #height = 0;

  constructor(camera: RemoteCamera, surroundings: Surroundings) {
    this.#camera = camera;
    this.#surroundings = surroundings;
  }

  /** Takes a picture; rejects where it failed late, was to end before its time, or after the last step. */
  async expose(exposure: Exposure, options: ExposeOptions): Promise<Frame> {
    const { clock } = this.#surroundings;
    for (;;) {
      const began = clock.now();
      try {
        const frame = await this.#camera.pictures.expose(exposure, options);
        this.proved();
        return frame;
      } catch (error) {
        const isEarly = clock.now() - began <= exposure.seconds * 1000 + PATIENCE;
        const isBack = await this.recover(error, options.signal);
        if (!isBack || !isEarly || this.#camera.pictures.isFinishing) throw error;
      }
    }
  }

  /** Takes pictures without a pause, and goes on with them after a step; rejects as `expose` does. */
  async *series(exposure: Exposure, options: ExposeOptions): AsyncGenerator<Frame, void, void> {
    const { clock } = this.#surroundings;
    for (;;) {
      let began = clock.now();
      try {
        for await (const frame of this.#camera.pictures.series(exposure, options)) {
          this.proved();
          yield frame;
          began = clock.now();
        }
        return;
      } catch (error) {
        const isEarly = clock.now() - began <= exposure.seconds * 1000 + PATIENCE;
        const isBack = await this.recover(error, options.signal);
        if (!isBack || !isEarly) throw error;
      }
    }
  }

  /** Takes the next step where the camera has failed; answers whether there was one to take. */
  async recover(error: unknown, signal: AbortSignal): Promise<boolean> {
    const isCameras = error instanceof CameraFailure && !(error instanceof MemoryFull);
    if (!isCameras || error.removed || signal.aborted) return false;
    const { mayReset, message } = this.#surroundings;
    const rungs = mayReset() ? [...RUNGS, RESET] : RUNGS;
    // A process that ended has got its successor already.
    if (error instanceof ProcessFailure) this.#height = Math.max(this.#height, RUNGS.length);
    const rung = rungs[this.#height];
    this.#height = rung === undefined ? 0 : this.#height + 1;
    if (rung === undefined) return false;
    message(`${error.message} ${rung.telling}`, "warning");
    const leftOut = await unlessAborted(rung.climb(this.#camera), signal);
    if (leftOut !== undefined) message(leftOut, "warning");
    return true;
  }

  /** The camera took a picture, or a frame of a video: the next failure is a new story. */
  proved(): void {
    this.#height = 0;
  }
}

/** The recovery of a camera, and the users' permission for its last step. */
export function recovery(
  connection: Connection,
  camera: RemoteCamera,
  surroundings: Omit<Surroundings, "mayReset">,
): Recovery {
  const reset = connection.add(USB_RESET);
  const mayReset = () => reset.selected === "INDI_ENABLED";
  return new Recovery(camera, { ...surroundings, mayReset });
}
