import { describeUnlisted, type UnlistedCamera } from "./camera/unlisted.js";
import type { Driver } from "./indi/driver.js";
import { timestamp } from "./indi/timestamp.js";
import type { Log } from "./log.js";

/** Tells everybody of cameras on USB that the vendor library does not list: they have no device that could. */
export class UnlistedCameras {
  readonly #driver: Pick<Driver, "send">;
  readonly #log: Pick<Log, "warn">;
  #told: readonly string[] = [];

  constructor(driver: Pick<Driver, "send">, log: Pick<Log, "warn">) {
    this.#driver = driver;
    this.#log = log;
  }

  /** What of the latest look everybody who comes later is to hear as well. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** Tells of those of the latest look that the one before did not find. */
  tell(unlisted: readonly UnlistedCamera[]): void {
    const texts = unlisted.map(describeUnlisted);
    for (const text of texts.filter((one) => !this.#told.includes(one))) {
      this.#log.warn(text);
      this.#driver.send({ tag: "message", timestamp: timestamp(), message: `[WARNING] ${text}` });
    }
    this.#told = texts;
  }
}
