import type { ASI_GUIDE_DIRECTION } from "./constants.js";
import { throwUnlessSuccess } from "./errors.js";
import type { AsiLibrary } from "./library.js";

/**
 * The relays of a camera's ST4 port.
 *
 * Calls run on the caller's thread, for one that does nothing but time pulses: the pool's queue
 * would add to the length of a pulse.
 */
export class GuideLines {
  readonly #library: AsiLibrary;

  constructor(
    library: AsiLibrary,
    readonly cameraId: number,
  ) {
    this.#library = library;
  }

  /** Closes the relay of a direction. */
  pulseGuideOn(direction: ASI_GUIDE_DIRECTION): void {
    this.#call("ASIPulseGuideOn", direction);
  }

  /** Opens the relay of a direction; an open one may be opened again. */
  pulseGuideOff(direction: ASI_GUIDE_DIRECTION): void {
    this.#call("ASIPulseGuideOff", direction);
  }

  #call(name: "ASIPulseGuideOn" | "ASIPulseGuideOff", direction: ASI_GUIDE_DIRECTION): void {
    throwUnlessSuccess(name, this.#library.call(name, this.cameraId, direction), this.cameraId);
  }
}
