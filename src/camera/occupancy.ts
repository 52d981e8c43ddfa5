import { CameraRequestError } from "./errors.js";

/** What takes a camera for itself, as those are told who want it too. */
export type Occupation =
  | "An exposure is running."
  | "A series of exposures is running."
  | "A video is running.";

/** Who has a camera to himself. */
export class Occupancy {
  #by: Occupation | undefined;

  /** What has the camera now. */
  get by(): Occupation | undefined {
    return this.#by;
  }

  /** Throws CameraRequestError while something has the camera. */
  refuse(): void {
    if (this.#by !== undefined) throw new CameraRequestError(`${this.#by} End it first.`);
  }

  /** Takes the camera until the function it answers is called. */
  take(by: Occupation): () => void {
    this.refuse();
    this.#by = by;
    return () => {
      this.#by = undefined;
    };
  }

  /** Does what needs the camera for itself. */
  async while<T>(by: Occupation, act: () => Promise<T>): Promise<T> {
    const leave = this.take(by);
    try {
      return await act();
    } finally {
      leave();
    }
  }
}
