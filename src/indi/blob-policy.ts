import type { BlobPolicy } from "./types.js";

/** What one client said with enableBLOB, with the meaning indiserver gives it. */
export class BlobPolicies {
  #general: BlobPolicy;
  readonly #byProperty = new Map<string, BlobPolicy>();

  constructor(general: BlobPolicy = "Never") {
    this.#general = general;
  }

  /**
   * Notes a policy: with device and name for that property, otherwise for everything, whatever the
   * device, and for all properties named before.
   */
  set(policy: BlobPolicy, device?: string, name?: string): void {
    if (device !== undefined && name !== undefined) {
      this.#byProperty.set(key(device, name), policy);
      return;
    }
    this.#general = policy;
    for (const property of this.#byProperty.keys()) this.#byProperty.set(property, policy);
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
