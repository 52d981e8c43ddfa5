import { EventEmitter } from "node:events";

/** What a camera is doing, in the words of the ASCOM camera interface. */
export type CameraState = "idle" | "waiting" | "exposing" | "reading" | "download" | "error";

/** Follows what a camera is doing: an exposure and the pictures on their way may overlap. */
export class Activity extends EventEmitter<{ change: [CameraState] }> {
  #phase: "waiting" | "exposing" | "reading" | undefined;
  #onTheirWay = 0;
  #hasFailed = false;
  #told: CameraState = "idle";

  get state(): CameraState {
    if (this.#phase !== undefined) return this.#phase;
    if (this.#onTheirWay > 0) return "download";
    return this.#hasFailed ? "error" : "idle";
  }

  /** An exposure is in that phase. */
  enter(phase: "waiting" | "exposing" | "reading"): void {
    this.#phase = phase;
    this.#hasFailed = false;
    this.#tell();
  }

  /** The exposure has ended: with a picture, without one, or because nobody wanted it any more. */
  end(how: "picture" | "failure" | "abort"): void {
    this.#phase = undefined;
    this.#hasFailed = how === "failure";
    if (how === "picture") this.#onTheirWay++;
    this.#tell();
  }

  /** A picture has reached whom it was for. */
  delivered(): void {
    this.#onTheirWay--;
    this.#tell();
  }

  #tell(): void {
    if (this.state === this.#told) return;
    this.#told = this.state;
    this.emit("change", this.state);
  }
}
