import type { Message } from "./messages.js";
import { RemoteProperties } from "./remote-properties.js";
import type { RemoteProperty } from "./remote-property.js";

/** A peer that can tell of other drivers' devices. */
export interface SnoopSource {
  /** Asks for the definition of a property and for all that follows. */
  getProperties(device: string, name: string): void;
  /** The property as the peer last told it. */
  property(device: string, name: string): RemoteProperty | undefined;
  /** Keeps nothing of the property any more. */
  forget(device: string, name: string): void;
}

/**
 * What there is to know of other drivers' properties, from whatever servers this driver is in touch with.
 *
 * INDI has no way to end a subscription: a source may tell of what was watched once for as long as it lasts, and is not
 * listened to. What a source has told goes with it.
 */
export class Snoop {
  /** How many watch each property of each device. */
  readonly #watched = new Map<string, Map<string, number>>();
  readonly #sources = new Set<SnoopSource>();

  /** Subscribes to a property, now and with every source to come, until what this returns is called. */
  watch(device: string, name: string): () => void {
    const names = this.#watched.get(device) ?? new Map<string, number>();
    const watchers = names.get(name) ?? 0;
    this.#watched.set(device, names.set(name, watchers + 1));
    if (watchers === 0) for (const source of this.#sources) source.getProperties(device, name);
    return () => this.#unwatch(device, name);
  }

  /** A property as last told by the first source that knows it. */
  property(device: string, name: string): RemoteProperty | undefined {
    for (const source of this.#sources) {
      const property = source.property(device, name);
      if (property) return property;
    }
    return undefined;
  }

  /** Adds a source and subscribes there to all that is watched. */
  attach(source: SnoopSource): void {
    this.#sources.add(source);
    for (const [device, names] of this.#watched) {
      for (const name of names.keys()) source.getProperties(device, name);
    }
  }

  /** Takes a source away, and with it all it has told. */
  detach(source: SnoopSource): void {
    this.#sources.delete(source);
  }

  #unwatch(device: string, name: string): void {
    const names = this.#watched.get(device);
    const others = (names?.get(name) ?? 1) - 1;
    if (others > 0) {
      names?.set(name, others);
      return;
    }
    names?.delete(name);
    if (names?.size === 0) this.#watched.delete(device);
    for (const source of this.#sources) source.forget(device, name);
  }
}

/** A server that uses this driver as one of its drivers, and passes on what its other drivers tell. */
export class SnoopedServer implements SnoopSource {
  readonly #send: (message: Message) => void;
  readonly #properties = new RemoteProperties();
  /** Nothing else is kept of what the server tells: its drivers may have thousands of properties. */
  readonly #asked = new Map<string, Set<string>>();

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  getProperties(device: string, name: string): void {
    this.#asked.set(device, (this.#asked.get(device) ?? new Set()).add(name));
    this.#send({ tag: "getProperties", version: "1.7", device, name });
  }

  property(device: string, name: string): RemoteProperty | undefined {
    return this.#properties.property(device, name);
  }

  forget(device: string, name: string): void {
    this.#asked.get(device)?.delete(name);
    if (this.#asked.get(device)?.size === 0) this.#asked.delete(device);
    this.#properties.forget(device, name);
  }

  /** Takes in what the server passes on. */
  note(message: Message): void {
    if (!("device" in message) || message.device === undefined) return;
    const names = this.#asked.get(message.device);
    const name = "name" in message ? message.name : undefined;
    if (names && (name === undefined || names.has(name))) this.#properties.note(message);
  }
}
