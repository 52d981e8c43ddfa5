import { Refused } from "./errors.js";
import type { BlobPolicy } from "./types.js";

/** Characters in the names of properties with a policy of their own: a thousand of them. */
const MOST_CHARACTERS = 128 * 1024;

/** What one client said with enableBLOB, with the meaning indiserver gives it. */
export class BlobPolicies {
  #general: BlobPolicy;
  readonly #byProperty = new Map<string, BlobPolicy>();
  #characters = 0;

  constructor(general: BlobPolicy = "Never") {
    this.#general = general;
  }

  /**
   * Notes a policy: with device and name for that property, otherwise for everything, whatever the
   * device, and for all properties named before. Throws Refused where that is more than can be kept.
   */
  set(policy: BlobPolicy, device?: string, name?: string): void {
    if (device !== undefined && name !== undefined) {
      this.#setOne(policy, key(device, name));
      return;
    }
    this.#general = policy;
    for (const property of this.#byProperty.keys()) this.#byProperty.set(property, policy);
  }

  #setOne(policy: BlobPolicy, property: string): void {
    if (!this.#byProperty.has(property)) {
      // Never is what holds without it.
      if (policy === "Never") return;
      const characters = this.#characters + property.length;
      if (characters > MOST_CHARACTERS) {
        throw new Refused("There are too many properties with a BLOB policy of their own.");
      }
      this.#characters = characters;
    }
    this.#byProperty.set(property, policy);
  }

  /** Whether the client gets this property's BLOBs; its own Never does not outweigh a general yes. */
  delivers(device: string, name: string): boolean {
    const own = this.#byProperty.get(key(device, name)) ?? "Never";
    return own !== "Never" || this.#general !== "Never";
  }

  /** Whether the client wants nothing but BLOBs; saying so of one property is not enough. */
  get isOnlyBlobs(): boolean {
    return this.#general === "Only";
  }
}

const key = (device: string, name: string): string => JSON.stringify([device, name]);
