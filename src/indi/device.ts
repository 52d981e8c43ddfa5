import { CONNECTION, type ConnectHandler, Connector } from "./connection.js";
import { createVector, type VectorOf } from "./create-vector.js";
import { type AnyDefinition, isSaved } from "./definition.js";
import type { DefVector, Message, NewVector, SetVector } from "./messages.js";
import { Repetitions } from "./repetitions.js";
import { RequestQueue } from "./request-queue.js";
import { inRestoreOrder, restore, restoreUnseen } from "./restore.js";
import { timestamp } from "./timestamp.js";
import type { MessageLevel } from "./types.js";
import type { BlobContent, Outlet, Requester, Vector } from "./vector.js";

/** The driver's side of a device: where its messages go once it belongs to a driver. */
export interface DeviceHost {
  send(message: Message): void;
  sendBlob(vector: SetVector, element: string, content: BlobContent): Promise<void>;
  isHandedOver(device: string, property: string): boolean;
  failed(device: string, property: string, error: unknown): void;
}

/** Hears a message of a device, and says whether clients get to see it. */
export type MessageListener = (text: string, level: MessageLevel) => boolean;

/** A named set of properties; its requests are carried out strictly in the order they came. */
export class Device {
  readonly #vectors = new Map<string, Vector>();
  readonly #requests = new RequestQueue();
  readonly #repetitions = new Repetitions();
  readonly #outlet: Outlet;
  #host: DeviceHost | undefined;
  #connector: Connector | undefined;
  #listener: MessageListener = (_, level) => level !== "debug";
  #saver: (request: NewVector) => void = () => {};

  constructor(readonly name: string) {
    this.#outlet = {
      device: name,
      send: (message) => this.#host?.send(message),
      sendBlob: async (...blob) => this.#host?.sendBlob(...blob),
      isHandedOver: (property) => this.#host?.isHandedOver(name, property) ?? false,
      failed: (property, error) => this.#host?.failed(name, property, error),
      accepted: (vector) => this.#noteAccepted(vector),
    };
  }

  /** Adds a property and defines it; property names are unique within a device. */
  add<D extends AnyDefinition>(definition: D): VectorOf<D> {
    const vector = createVector(definition);
    this.announce(vector);
    return vector;
  }

  /** Deletes a property, after stopping what it is doing for clients. */
  async remove(vector: Vector): Promise<void> {
    this.retire(vector);
    await vector.cancel();
    vector.withdraw();
  }

  /**
   * Adds the property CONNECTION and says how to connect. What the handler adds to its connection is
   * defined once it has succeeded, and deleted when the connection ends.
   */
  onConnect(connect: ConnectHandler): void {
    this.#connector = new Connector(this, connect);
  }

  get isConnected(): boolean {
    return this.#connector?.isConnected ?? false;
  }

  /**
   * Whether the device is left alone: disconnected, and that as its clients wish. An attempt that failed, or a connection
   * that was cut off, leaves an Alert until a client says what it wants.
   */
  get isAtRest(): boolean {
    return this.#vectors.get(CONNECTION.name)?.state === "Idle";
  }

  /** Connects from the driver's side; whether that succeeded `isConnected` tells. */
  async connect(): Promise<void> {
    await this.#connector?.connect();
  }

  /**
   * Ends the connection from the driver's side, with a reason as Alert and message. Handlers of this
   * connection must not wait for it: it waits for them.
   */
  async disconnect(reason?: string): Promise<void> {
    await this.#connector?.disconnect(reason);
  }

  /** Writes a line to the clients' log of this device; a warning or error that repeats is left out and counted. */
  message(text: string, level: MessageLevel = "info"): void {
    const tell = (line: string) => this.#tell(line, level);
    if (level === "warning" || level === "error") this.#repetitions.pass(text, tell);
    else tell(text);
  }

  #tell(text: string, level: MessageLevel): void {
    if (!this.#listener(text, level)) return;
    const message = `[${level.toUpperCase()}] ${text}`;
    this.#outlet.send({ tag: "message", device: this.name, timestamp: timestamp(), message });
  }

  /** Gives all messages to a listener, who decides which of them clients see; else all but debugging. */
  onMessage(listener: MessageListener): void {
    this.#listener = listener;
  }

  /** The definitions of all properties, or of the one with this name, as they are now. */
  definitions(name?: string): DefVector[] {
    const vectors = [...this.#vectors.values()];
    return vectors
      .filter((vector) => name === undefined || vector.name === name)
      .map((vector) => vector.define(this.name));
  }

  /** What the saved configuration shall hold: the request that would restore each saved property. */
  saved(): NewVector[] {
    return [...this.#vectors.values()].flatMap((vector) => this.#savedRequest(vector) ?? []);
  }

  /** Gives the request that restores a property to whoever keeps it, each time it is to be saved by itself. */
  onAutoSave(saver: (request: NewVector) => void): void {
    this.#saver = saver;
  }

  /**
   * Carries out saved requests at once, as part of another one, in an order in which none undoes another, as far as the
   * device has these properties and they are saved ones; tells what of them cannot be met.
   */
  async restore(
    requests: readonly NewVector[],
    which: "saved" | "auto",
    tell: (text: string) => void,
  ): Promise<void> {
    for (const request of inRestoreOrder(requests, this.#vectors.values())) {
      const vector = this.#vectors.get(request.name);
      if (vector && isSaved(vector.definition, which)) await restore(vector, request, tell);
    }
  }

  /** Carries out a saved request on a property that is yet to be announced. */
  restoreUnseen(vector: Vector, request: NewVector, tell: (text: string) => void): Promise<void> {
    return restoreUnseen(vector, request, this.#outlet, tell);
  }

  /** Takes a client's request; it is answered in any case. */
  receive(request: NewVector, requester: Requester): void {
    const { name } = request;
    const known = this.#vectors.get(name);
    if (known && !known.admits(requester)) return;
    const wish = known?.wish(request, requester);
    const turn = async () => {
      // Earlier requests may have brought the property, or taken it away, with another connection's in its place.
      const vector = this.#vectors.get(name);
      const isTheSame = known === undefined || vector === known;
      if (!vector || !isTheSame) this.#refuseUnknown(name, requester);
      else if (wish) await vector.turn(wish);
      else if (vector.admits(requester)) await vector.turn(vector.wish(request, requester));
    };
    if (known?.order === "immediate") this.#requests.overtake(name, turn);
    else this.#requests.enqueue(name, turn);
  }

  /** Gives the device its way to clients, and takes it away again. */
  attach(host: DeviceHost | undefined): void {
    this.#host = host;
  }

  /** Defines a vector that was made elsewhere. */
  announce(vector: Vector): void {
    if (this.#vectors.has(vector.name)) {
      throw new TypeError(`${this.name} has a property ${vector.name} already`);
    }
    this.#vectors.set(vector.name, vector);
    vector.announce(this.#outlet);
  }

  /** Takes no more requests for a vector, which clients see until it is withdrawn. */
  retire(vector: Vector): void {
    if (this.#vectors.get(vector.name) === vector) this.#vectors.delete(vector.name);
  }

  /** Reports an error that is not a client's fault. */
  failed(property: string, error: unknown): void {
    this.#outlet.failed(property, error);
  }

  #savedRequest(vector: Vector): NewVector | undefined {
    if (!isSaved(vector.definition, "saved")) return undefined;
    const { kind, name, elements } = vector.define(this.name);
    if (kind === "BLOB" || kind === "Light") return undefined;
    const { savedTexts } = vector;
    const values = elements.map(({ name, value }) => ({ name, value: savedTexts[name] ?? value }));
    return { tag: "new", kind, device: this.name, name, elements: values };
  }

  #noteAccepted(vector: Vector): void {
    if (!isSaved(vector.definition, "auto")) return;
    const request = this.#savedRequest(vector);
    if (request) this.#saver(request);
  }

  #refuseUnknown(name: string, requester: Requester): void {
    requester.deliver({
      tag: "message",
      device: this.name,
      timestamp: timestamp(),
      message: `[ERROR] ${this.name} has no property ${name}.`,
    });
  }
}
