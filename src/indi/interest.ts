import type { Message } from "./messages.js";

/** Characters in the names one client is remembered by: thousands of properties. */
const MOST_CHARACTERS = 128 * 1024;

/** What of all devices and properties one client has asked for. */
export class Interest {
  #isGeneral = false;
  #characters = 0;
  readonly #devices = new Set<string>();
  readonly #properties = new Map<string, Set<string>>();

  /** Adds a property, a device, or, without one or with `*`, everything: that is also what too much comes to. */
  add(device?: string, name?: string): void {
    if (this.covers(device ?? "*", name)) return;
    this.#characters += (device?.length ?? 0) + (name?.length ?? 0);
    if (device === undefined || device === "*" || this.#characters > MOST_CHARACTERS) {
      this.#isGeneral = true;
      this.#devices.clear();
      this.#properties.clear();
    } else if (name === undefined) {
      this.#devices.add(device);
    } else {
      this.#properties.set(device, (this.#properties.get(device) ?? new Set()).add(name));
    }
  }

  /** Whether a property, or without a name the whole device, has been asked for. */
  covers(device: string, name?: string): boolean {
    if (this.#isGeneral || this.#devices.has(device)) return true;
    return name !== undefined && (this.#properties.get(device)?.has(name) ?? false);
  }

  /** Whether a message is about something that has been asked for. */
  includes(message: Message): boolean {
    if (!("device" in message) || message.device === undefined) return true;
    const { device } = message;
    if (message.tag === "delProperty" && message.name === undefined) {
      return this.covers(device) || this.#properties.has(device);
    }
    return this.covers(device, "name" in message ? message.name : undefined);
  }
}
