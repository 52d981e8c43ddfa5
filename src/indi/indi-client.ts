import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Message } from "./messages.js";
import { writeNumber } from "./number-format.js";
import { Reader } from "./reader.js";
import { RemoteProperties } from "./remote-properties.js";
import type { RemoteProperty } from "./remote-property.js";
import type { BlobPolicy } from "./types.js";
import { write } from "./writer.js";
import type { BlobProgress } from "./xml-reader.js";

/** Where a server is and how much it may send. */
export interface IndiClientOptions {
  readonly host?: string;
  /** 7624 if not given. */
  readonly port?: number;
  /** Ends the attempt to connect, and the connection. */
  readonly signal?: AbortSignal;
  /** The largest BLOB taken, in bytes; 1 GiB if not given. */
  readonly maxBlob?: number;
  readonly onBlobProgress?: (progress: BlobProgress) => void;
}

/** How long to wait for something. */
export interface WaitOptions {
  /** In milliseconds; for ever if not given. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** The server has ended the connection, or sent what cannot be read. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

const INDI_PORT = 7624;
/** Silent peers are asked for a sign of life after this long; the system's own two hours are no use. */
const KEEP_ALIVE_MS = 10_000;
const MAX_BLOB = 1024 ** 3;
/** Servers may define devices with very many elements. */
const MAX_MESSAGE = 64 * 1024 ** 2;

interface Waiter {
  look(message: Message | undefined): void;
  fail(error: Error): void;
}

/** A client's connection to an INDI server, with what the server told of its devices so far. */
export class IndiClient {
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #reader: Reader;
  readonly #properties = new RemoteProperties();
  readonly #waiters = new Set<Waiter>();
  #end: Error | undefined;

  private constructor(socket: Socket, options: IndiClientOptions) {
    this.#socket = socket;
    const { onBlobProgress } = options;
    this.#reader = new Reader(
      { onMessage: (message) => this.#receive(message), ...(onBlobProgress && { onBlobProgress }) },
      { blob: options.maxBlob ?? MAX_BLOB, message: MAX_MESSAGE },
    );
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#fail(new ConnectionLost("The server has ended the connection"));
        resolve();
      });
    });
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", (error) => this.#fail(new ConnectionLost(error.message, { cause: error })));
  }

  /** Connects; rejects with the system's error where nobody listens. */
  static async connect(options: IndiClientOptions = {}): Promise<IndiClient> {
    const { host = "localhost", port = INDI_PORT, signal } = options;
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      ...(signal && { signal }),
    });
    await once(socket, "connect");
    return new IndiClient(socket, options);
  }

  /** The names of the devices that have properties. */
  get devices(): readonly string[] {
    return this.#properties.devices;
  }

  /** A property as last told, or undefined if it is not defined. */
  property(device: string, name: string): RemoteProperty | undefined {
    return this.#properties.property(device, name);
  }

  /** All properties of a device, in the order of their definition. */
  properties(device: string): readonly RemoteProperty[] {
    return this.#properties.properties(device);
  }

  /** Asks for definitions and all that follows: of everything, a device, or a property. */
  getProperties(device?: string, name?: string): void {
    this.send({ tag: "getProperties", version: "1.7", ...target(device, name) });
  }

  /** Keeps nothing of a property any more until the server defines it anew. */
  forget(device: string, name: string): void {
    this.#properties.forget(device, name);
  }

  /** Says whether BLOBs are wanted. */
  enableBlob(policy: BlobPolicy, device?: string, name?: string): void {
    this.send({ tag: "enableBLOB", policy, ...target(device, name) });
  }

  /** Sets numbers. */
  newNumbers(device: string, name: string, values: Readonly<Record<string, number>>): void {
    this.send({ tag: "new", kind: "Number", device, name, elements: listed(values, writeNumber) });
  }

  /** Turns switches on and off. */
  newSwitches(device: string, name: string, values: Readonly<Record<string, boolean>>): void {
    const elements = listed(values, (isOn) => (isOn ? "On" : "Off"));
    this.send({ tag: "new", kind: "Switch", device, name, elements });
  }

  /** Sets texts. */
  newTexts(device: string, name: string, values: Readonly<Record<string, string>>): void {
    this.send({ tag: "new", kind: "Text", device, name, elements: listed(values, String) });
  }

  /** Sends any message. */
  send(message: Message): void {
    if (!this.#end) this.#socket.write(write(message));
  }

  /**
   * Waits for a message to come of which `match` makes something. Rejects with ConnectionLost, with
   * the signal's reason, or with a TimeoutError.
   */
  expect<T>(match: (message: Message) => T | false | undefined, options?: WaitOptions): Promise<T> {
    return this.#wait((message) => message && match(message), options);
  }

  /** Waits until a condition on what the server has told holds; rejects as `expect` does. */
  until<T>(condition: () => T | false | undefined, options?: WaitOptions): Promise<T> {
    return this.#wait(() => condition(), options);
  }

  /** Ends the connection once all that was sent is on its way. */
  async close(): Promise<void> {
    this.#socket.end();
    this.#socket.resume();
    await this.closed;
  }

  #wait<T>(
    test: (message: Message | undefined) => T | false | undefined,
    { timeout, signal }: WaitOptions = {},
  ): Promise<T> {
    // Each is listened to: in Node 20 the garbage collector may take a timeout that only AbortSignal.any knows.
    const signals = [signal, timeout === undefined ? undefined : AbortSignal.timeout(timeout)];
    const stops = signals.filter((one) => one !== undefined);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        for (const stop of stops) stop.removeEventListener("abort", abort);
      };
      const abort = () => waiter.fail(stops.find(({ aborted }) => aborted)?.reason);
      const waiter: Waiter = {
        look: (message) => {
          const found = test(message);
          if (found === false || found === undefined) return;
          leave();
          resolve(found);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      for (const stop of stops) stop.addEventListener("abort", abort);
      waiter.look(undefined);
      if (!this.#waiters.has(waiter)) return;
      if (stops.some(({ aborted }) => aborted)) abort();
      else if (this.#end) waiter.fail(this.#end);
    });
  }

  #read(chunk: Uint8Array): void {
    try {
      this.#reader.write(chunk);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fail(new ConnectionLost(error.message, { cause: error }));
      this.#socket.destroy();
    }
  }

  #receive(message: Message): void {
    this.#properties.note(message);
    if (message.tag === "pingRequest") this.send({ tag: "pingReply", uid: message.uid });
    for (const waiter of [...this.#waiters]) waiter.look(message);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const waiter of [...this.#waiters]) waiter.fail(this.#end);
  }
}

function target(device?: string, name?: string) {
  return { ...(device !== undefined && { device }), ...(name !== undefined && { name }) };
}

function listed<T>(values: Readonly<Record<string, T>>, text: (value: T) => string) {
  return Object.entries(values).map(([name, value]) => ({ name, value: text(value) }));
}
