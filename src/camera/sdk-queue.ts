import { AsiError, isRemoved, MissingFunctionError } from "../asi/index.js";
import { CameraFailure } from "./errors.js";

/**
 * Lets one call of the vendor library run at a time, in the order asked.
 *
 * The library does not promise that calls for one camera may overlap. Only what must interrupt
 * (stopping an exposure, guide pulses on their own thread) goes around this queue. Either way the
 * library's errors arrive as camera failures.
 */
export class SdkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `call` after all earlier calls have ended, however they ended. */
  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.overtake(call));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Runs `call` now, beside whatever is running. */
  async overtake<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw asCameraFailure(error);
    }
  }
}

/** The library's errors as failures of the camera; anything else stays what it is. */
export function asCameraFailure(error: unknown): unknown {
  if (error instanceof AsiError) {
    return new CameraFailure(`${error.message}.`, {
      codeName: error.codeName,
      removed: isRemoved(error),
      cause: error,
    });
  }
  if (error instanceof MissingFunctionError) {
    return new CameraFailure(`${error.message}.`, { cause: error });
  }
  return error;
}
