import type { Message } from "./messages.js";
import { definedProperty, type RemoteProperty, updatedProperty } from "./remote-property.js";

/** All that a peer has told of its devices, as it stands now. */
export class RemoteProperties {
  readonly #devices = new Map<string, Map<string, RemoteProperty>>();
  readonly #now: () => number;

  /** `now`: milliseconds on a clock that never jumps. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The names of the devices that have properties. */
  get devices(): readonly string[] {
    return [...this.#devices.keys()];
  }

  /** A property as last told, or undefined if it is not defined. */
  property(device: string, name: string): RemoteProperty | undefined {
    return this.#devices.get(device)?.get(name);
  }

  /** All properties of a device, in the order of their definition. */
  properties(device: string): readonly RemoteProperty[] {
    return [...(this.#devices.get(device)?.values() ?? [])];
  }

  /** Keeps nothing of a property any more, as if it had been deleted. */
  forget(device: string, name: string): void {
    const properties = this.#devices.get(device);
    properties?.delete(name);
    if (properties?.size === 0) this.#devices.delete(device);
  }

  /** Takes in what a message says of properties. */
  note(message: Message): void {
    if (message.tag === "def") {
      const properties = this.#devices.get(message.device) ?? new Map<string, RemoteProperty>();
      properties.set(message.name, definedProperty(message, this.#now()));
      this.#devices.set(message.device, properties);
    } else if (message.tag === "set") {
      const property = this.property(message.device, message.name);
      const properties = this.#devices.get(message.device);
      if (property) {
        properties?.set(message.name, updatedProperty(property, message, this.#now()));
      }
    } else if (message.tag === "delProperty") {
      if (message.name === undefined) this.#devices.delete(message.device);
      else this.forget(message.device, message.name);
    }
  }
}
