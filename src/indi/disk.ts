import { quietTimer, type Timer } from "./timer.js";

/** How long a disk may take for a file, in milliseconds: long enough to wake up. */
const PATIENCE = 30_000;

/** The disk with the file does not answer. */
class DiskHangs extends Error {
  override readonly name = "DiskHangs";
}

/**
 * A disk with small files of the program's own, which are worked with one at a time, in the order that was asked: while it
 * does not answer it holds one of the few threads for files that there are, and what else is asked of it is refused.
 */
export class Disk {
  readonly #timer: Timer;
  #last: Promise<unknown> = Promise.resolve();
  #isHanging = false;

  constructor(timer: Timer = quietTimer) {
    this.#timer = timer;
  }

  /** Does something with a file in its turn; rejects with the path where the disk does not answer. */
  inTurn<T>(path: string, act: () => Promise<T>): Promise<T> {
    const hangs = new DiskHangs(`${path}: the disk has not answered for ${PATIENCE / 1000} s`);
    if (this.#isHanging) return Promise.reject(hangs);
    const result = this.#last.then(act);
    this.#last = result.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const stop = this.#timer(PATIENCE, () => {
        this.#isHanging = true;
        void this.#last.then(() => {
          this.#isHanging = false;
        });
        reject(hangs);
      });
      result.then(resolve, reject).finally(stop);
    });
  }
}
