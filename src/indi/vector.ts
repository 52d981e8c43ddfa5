import type { AnyDefinition } from "./definition.js";
import type { DefVector, Message, NewVector, SetVector } from "./messages.js";
import type { Denied } from "./rights.js";
import type { Alteration } from "./text-memory.js";
import { timestamp } from "./timestamp.js";
import type { State } from "./types.js";

/** Bytes on their way to clients; they may lie over shared memory and are not copied as a whole. */
export interface BlobContent {
  /** With a leading dot; live frames contain the word `stream`, single ones do not. */
  readonly format: string;
  readonly bytes: Uint8Array;
  /** What peers are to get is made of the bytes on their way; the bytes themselves stay as they are. */
  readonly alteration?: Alteration | undefined;
  /** The number of bytes after inflating, where that differs from the bytes' own. */
  readonly size?: number;
  /** A live frame: where an earlier one still waits for a client, this one takes its place. */
  readonly isLive?: boolean;
  /** When it aborts, the bytes are needed: clients that hold up faster ones with them are closed. */
  readonly recall?: AbortSignal;
  /** Opens memory that begins with the bytes, for peers that take descriptors; nothing where that cannot be. */
  readonly share?: () => SharedBytes | undefined;
}

/** Memory that others may read, and keep after it is closed here. */
export interface SharedBytes {
  readonly descriptor: number;
  close(): void;
}

/** Whoever sent a request, and gets the answers that concern nobody else. */
export interface Requester {
  /** The rights it does not have; it has all if not given. */
  readonly denied?: Denied;
  /** Hears of a property it was kept from changing. */
  onDenied?(property: string): void;
  deliver(message: Message): void;
}

/** Where an announced vector's messages go. */
export interface Outlet {
  readonly device: string;
  send(message: Message): void;
  /** Settles when every interested client has all of it or has left. */
  sendBlob(vector: SetVector, element: string, content: BlobContent): Promise<void>;
  /** Whether a BLOB sent now would go to somebody by descriptor, were its memory shared. */
  isHandedOver(property: string): boolean;
  /** Hears of a handler's error that is not the client's fault. */
  failed(property: string, error: unknown): void;
  /** Hears that a wish was met. */
  accepted(vector: Vector): void;
}

/** A request as a vector keeps it until its turn; the driver's own have no requester. */
export interface Wish {
  readonly request: NewVector;
  readonly requester: Requester | undefined;
}

/** What is left of a request without the elements that cannot be met. */
export interface Sifted {
  readonly request?: NewVector;
  /** Why each of the others cannot. */
  readonly refusals: readonly string[];
}

/** A live property: its definition, its state and, while it is announced, its way to clients. */
export abstract class Vector {
  abstract readonly definition: AnyDefinition;
  #state: State;
  #outlet: Outlet | undefined;
  #savedTexts: () => Readonly<Record<string, string>> = () => ({});

  constructor({ state }: AnyDefinition) {
    this.#state = state;
  }

  get name(): string {
    return this.definition.name;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether requests wait for the earlier ones of the device. */
  get order(): "queued" | "immediate" {
    return "queued";
  }

  /** Opens the way to clients and defines the property with what was published so far. */
  announce(outlet: Outlet): void {
    this.attach(outlet);
    outlet.send(this.define(outlet.device));
  }

  /** Says where messages go, without defining the property there. */
  attach(outlet: Outlet | undefined): void {
    this.#outlet = outlet;
  }

  /** Deletes the property and closes the way to clients: what is published later is not heard. */
  withdraw(): void {
    this.#outlet?.send({ tag: "delProperty", device: this.#outlet.device, name: this.name });
    this.#outlet = undefined;
  }

  /** Has other texts of elements saved than clients see. */
  saveInstead(texts: () => Readonly<Record<string, string>>): void {
    this.#savedTexts = texts;
  }

  /** The texts of elements that are saved in place of those clients see. */
  get savedTexts(): Readonly<Record<string, string>> {
    return this.#savedTexts();
  }

  /** The definition with the values of now. */
  abstract define(device: string): DefVector;

  /** Notes a request, which may then have to wait for its turn. */
  wish(request: NewVector, requester?: Requester): Wish {
    return { request, requester };
  }

  /**
   * Whether somebody may change the property. One who may not is shown the true values with the reason; nothing else
   * comes of the request.
   */
  admits(requester: Requester): boolean {
    const { label, needs } = this.definition;
    const reason = requester.denied?.change ?? requester.denied?.[needs];
    if (reason === undefined) return true;
    requester.onDenied?.(`${this.#outlet?.device}.${this.name}`);
    this.refuse(`[ERROR] ${label} (${this.name}) stays as it is: ${reason}`, requester);
    return false;
  }

  /** The part of a request that may be carried out, and why the other elements may not. */
  sift(_request: NewVector): Sifted {
    return { refusals: [`${this.name} is read-only.`] };
  }

  /** Carries out a request; settles when later requests of the device may proceed, never rejects. */
  async turn({ requester }: Wish): Promise<void> {
    this.refuse(`[ERROR] ${this.name} is read-only.`, requester);
  }

  /** Stops what is being done for clients and settles when that has ended. */
  async cancel(): Promise<void> {}

  /** Stops what is being done or waits to be done for clients, with Alert and the reason; settles when that has ended. */
  async giveUp(_reason: string): Promise<void> {}

  /** What clients are told of the property as it is now. */
  protected abstract update(device: string): SetVector;

  protected get outlet(): Outlet | undefined {
    return this.#outlet;
  }

  protected enter(state: State): void {
    this.#state = state;
  }

  /** Enters a state and tells clients. */
  protected show(state: State, message?: string): void {
    this.enter(state);
    if (!this.#outlet) return;
    const update = this.update(this.#outlet.device);
    this.#outlet.send(message === undefined ? update : { ...update, message });
  }

  /** Shows the true values with an Alert to the one whose request is not met, and to nobody else. */
  protected refuse(message: string, requester: Requester | undefined): void {
    if (!this.#outlet) return;
    requester?.deliver({ ...this.update(this.#outlet.device), state: "Alert", message });
  }

  protected heading(device: string) {
    const { name, label, group } = this.definition;
    return { device, name, label, group, state: this.#state, timestamp: timestamp() };
  }

  protected updateHeading(device: string) {
    const { name, timeout } = this.definition;
    return { device, name, state: this.#state, timeout, timestamp: timestamp() };
  }
}
