import { createVector, type VectorOf } from "./create-vector.js";
import { type AnyDefinition, defineSwitches, isSaved } from "./definition.js";
import type { Device } from "./device.js";
import type { NewVector } from "./messages.js";
import { inRestoreOrder } from "./restore.js";
import type { SwitchVector } from "./switch-vector.js";
import { type Settled, settled } from "./task.js";
import type { Vector } from "./vector.js";

/** Opens a device and adds to the connection what can be seen of it; a rejection is a failed connect. */
export type ConnectHandler = (connection: Connection) => Promise<void> | void;

/** What may be done before a client's wish to disconnect is carried out; undefined where there is nothing to do. */
export type Farewell = (signal: AbortSignal) => Promise<void> | undefined;

/** The property by which clients connect and disconnect a device. */
export const CONNECTION = defineSwitches("CONNECTION", {
  label: "Connection",
  group: "Main Control",
  perm: "rw",
  rule: "OneOfMany",
  timeout: 60,
  elements: {
    CONNECT: { label: "Connect" },
    DISCONNECT: { label: "Disconnect", on: true },
  },
});

type Value = Record<"CONNECT" | "DISCONNECT", boolean>;

const ON: Value = { CONNECT: true, DISCONNECT: false };
const OFF: Value = { CONNECT: false, DISCONNECT: true };

/** One connection to the thing behind a device: what it adds goes when it ends. */
export class Connection {
  readonly #device: Device;
  readonly #vectors = new Set<Vector>();
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #farewells: Farewell[] = [];
  readonly #ending = new AbortController();
  #isAnnounced = false;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Aborted when the connection begins to end, also while it is still being made. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Adds a property for as long as the connection lasts; defined at once if it stands already. */
  add<D extends AnyDefinition>(definition: D): VectorOf<D> {
    const vector = createVector(definition);
    this.#vectors.add(vector);
    if (this.#isAnnounced) this.#device.announce(vector);
    return vector;
  }

  /** Deletes a property before the connection ends, after stopping what it is doing for clients. */
  async remove(vector: Vector): Promise<void> {
    this.#vectors.delete(vector);
    await this.#device.remove(vector);
  }

  /**
   * Does this before a client's wish to disconnect is carried out, while everything still works. It may take long: the
   * client's next wish aborts it.
   */
  onFarewell(farewell: Farewell): void {
    this.#farewells.push(farewell);
  }

  /** Does all that is to be done before a client's wish to disconnect is carried out; undefined if that is nothing. */
  farewell(signal: AbortSignal): Promise<unknown> | undefined {
    const running = this.#farewells.map((farewell) => farewell(signal));
    const isNothing = running.every((each) => each === undefined);
    return isNothing ? undefined : Promise.all(running);
  }

  /** Calls this when the connection ends; the last one given is called first. */
  onClose(close: () => Promise<void> | void): void {
    this.#closers.unshift(close);
  }

  /**
   * Carries out saved requests on properties added so far, before clients see any and in an order in which none undoes
   * another; tells what of them cannot be met. Requests for other properties are passed over.
   */
  async restore(
    requests: readonly NewVector[],
    which: "saved" | "auto",
    tell: (text: string) => void,
  ): Promise<void> {
    for (const request of inRestoreOrder(requests, this.#vectors)) {
      const vector = [...this.#vectors].find(({ name }) => name === request.name);
      if (vector && isSaved(vector.definition, which)) {
        await this.#device.restoreUnseen(vector, request, tell);
      }
    }
  }

  /** Tells whoever makes the connection that it is no longer wanted. */
  interrupt(): void {
    this.#ending.abort();
  }

  /** Defines what was added so far. */
  announce(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    for (const vector of this.#vectors) this.#device.announce(vector);
  }

  /**
   * Ends all that is being done for clients, in Alert where there is a reason they have not given, then closes; the
   * properties stay to be seen.
   */
  async close(reason?: string): Promise<void> {
    this.#ending.abort();
    for (const vector of this.#vectors) this.#device.retire(vector);
    await Promise.all(
      [...this.#vectors].map((vector) =>
        reason === undefined ? vector.cancel() : vector.giveUp(reason),
      ),
    );
    for (const close of this.#closers) {
      try {
        await close();
      } catch (error) {
        this.#device.failed(CONNECTION.name, error);
      }
    }
  }

  /** Deletes the properties. */
  withdraw(): void {
    for (const vector of this.#vectors) vector.withdraw();
    this.#vectors.clear();
  }
}

/** Connects and disconnects a device as the property CONNECTION says. */
export class Connector {
  readonly #device: Device;
  readonly #connect: ConnectHandler;
  readonly #vector: SwitchVector<keyof Value, "OneOfMany">;
  #connection: Connection | undefined;
  /** Somebody who does not want to wait has asked for the end, or a client has for the second time. */
  #isHasty = false;
  /** Why the connection is ended by somebody else than a client. */
  #reason: string | undefined;

  constructor(device: Device, connect: ConnectHandler) {
    this.#device = device;
    this.#connect = connect;
    this.#vector = device.add(CONNECTION).onNew(
      ({ CONNECT }, { signal }) => {
        if (!CONNECT) return this.#leave(signal);
        this.#isHasty = false;
        return this.#connection ? connected(this.#connection) : this.#open(signal);
      },
      { order: "immediate", joins: ({ CONNECT }) => CONNECT, onFailure: OFF },
    );
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Connects as if a client had asked; settles when that has succeeded or failed. */
  async connect(): Promise<void> {
    await this.#vector.perform({ CONNECT: true });
  }

  /** Ends the connection, or the attempt at one. */
  async disconnect(reason?: string): Promise<void> {
    if (!this.#connection && this.#vector.state !== "Busy") return;
    this.#isHasty = true;
    this.#reason = reason;
    await this.#vector.perform({ DISCONNECT: true });
    this.#reason = undefined;
    // A client may have connected anew meanwhile.
    if (reason !== undefined && !this.isConnected)
      this.#vector.publish({}, "Alert", `[ERROR] ${reason}`);
  }

  async #open(signal: AbortSignal): Promise<Settled<Value>> {
    const connection = new Connection(this.#device);
    const interrupt = () => connection.interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      await this.#connect(connection);
      signal.throwIfAborted();
    } catch (error) {
      await connection.close();
      throw error;
    }
    signal.removeEventListener("abort", interrupt);
    this.#connection = connection;
    return connected(connection);
  }

  #leave(signal: AbortSignal): Promise<Settled<Value>> {
    const farewell = this.#isHasty ? undefined : this.#connection?.farewell(signal);
    return farewell === undefined ? this.#close() : this.#closeAfter(farewell, signal);
  }

  async #closeAfter(farewell: Promise<unknown>, signal: AbortSignal): Promise<Settled<Value>> {
    this.#isHasty = true;
    try {
      await farewell;
    } catch (error) {
      // The next wish has come, which may be to stay; a farewell that failed keeps nobody.
      signal.throwIfAborted();
      this.#device.failed(CONNECTION.name, error);
    }
    return this.#close();
  }

  async #close(): Promise<Settled<Value>> {
    this.#isHasty = false;
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close(this.#reason);
    return settled(OFF, "Idle", { afterwards: () => connection?.withdraw() });
  }
}

function connected(connection: Connection): Settled<Value> {
  return settled(ON, "Ok", { afterwards: () => connection.announce() });
}
