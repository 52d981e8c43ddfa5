import type { Readable, Writable } from "node:stream";
import type { HandOver } from "./attached-blob.js";
import { BlobPolicies } from "./blob-policy.js";
import { errorText, ProtocolError } from "./errors.js";
import { Inbox } from "./inbox.js";
import { Interest } from "./interest.js";
import type { Log } from "./log.js";
import type { Message } from "./messages.js";
import { type Lane, Outbox, type Parcel, type SendBeside } from "./outbox.js";
import { Reader } from "./reader.js";
import type { Denied } from "./rights.js";
import { systemTimer, type Timer } from "./timer.js";
import { timestamp } from "./timestamp.js";
import { Traffic } from "./traffic.js";
import type { Requester } from "./vector.js";
import { write } from "./writer.js";
import type { ReaderLimits } from "./xml-reader.js";

/** The two directions of a connection; a socket is both. */
export interface Channel {
  readonly readable: Readable;
  readonly writable: Writable;
}

/** How a peer is treated. */
export interface ClientOptions {
  /** Names the peer in the log. */
  readonly name?: string;
  /** A server (our stdin and stdout under indiserver) gets everything and sorts it out itself. */
  readonly peer?: "client" | "server";
  /** The rights it does not have; it has all if not given. */
  readonly denied?: Denied;
  /** Hears of a property it was kept from changing. */
  onDenied?(property: string): void;
  readonly limits?: Partial<ReaderLimits>;
  /** The bytes that may wait for a slow peer before it is closed; 32 MiB if not given. */
  readonly outboxLimit?: number;
  /** The seconds a peer may take for each mebibyte of a BLOB before it is closed; 30 if not given. */
  readonly patience?: number;
  /** The requests a second that are carried out for a client, see {@link Inbox}; 500 if not given, any for a server. */
  readonly requestRate?: number;
  readonly timer?: Timer;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
  readonly log?: Log;
  /** Where the peer takes BLOBs by descriptor. */
  readonly handOver?: HandOver | undefined;
  /** Where what is long can be sent on another thread. */
  readonly sendBeside?: SendBeside | undefined;
}

/** The driver's ear for one client. */
export interface ClientHandlers {
  /** What is sent to all clients together. */
  readonly traffic?: Traffic;
  onMessage(client: Client, message: Message): void;
  onClosed(client: Client): void;
  /** Hears of a client that was closed because it could not keep up. */
  onTooSlow?(reason: string): void;
}

/** Definitions of many cameras and minutes of chatter; pictures take none of it. */
const OUTBOX_LIMIT = 32 * 1024 * 1024;
const PATIENCE_S = 30;

/** Ample for a sequence with guiding and somebody who moves a slider. */
const REQUEST_RATE = 500;

/** No property takes BLOBs. */
const LIMITS = { blob: 0 } as const;

/** How long in milliseconds a peer that is to be closed may take for what still waits for it. */
const FAREWELL_MS = 1000;

/** One peer: what it asked for, what it sends, and what waits to be sent to it. */
export class Client implements Requester {
  readonly name: string;
  readonly denied: Denied;
  readonly interest = new Interest();
  readonly policies: BlobPolicies;
  readonly handOver: HandOver | undefined;
  /** What was sent to it. */
  readonly traffic: Traffic;
  /** Settles when the peer is gone, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #channel: Channel;
  readonly #onDenied: (property: string) => void;
  readonly #handlers: ClientHandlers;
  readonly #reader: Reader;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #log: Log | undefined;
  readonly #timer: Timer;
  /** The peer says no more. */
  #hasEnded = false;
  #state: "open" | "closing" | "closed" = "open";
  #onClosed: () => void = () => {};

  constructor(channel: Channel, handlers: ClientHandlers, options: ClientOptions = {}) {
    this.name = options.name ?? "client";
    this.denied = options.denied ?? {};
    this.#onDenied = (property) => options.onDenied?.(property);
    this.#channel = channel;
    this.#handlers = handlers;
    this.traffic = new Traffic(handlers.traffic);
    this.#log = options.log;
    this.handOver = options.handOver;
    this.#timer = options.timer ?? systemTimer;
    const isServer = options.peer === "server";
    this.policies = new BlobPolicies(isServer ? "Also" : "Never");
    if (isServer) this.interest.add();
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
    const now = options.now ?? (() => performance.now());
    this.#inbox = new Inbox({
      rate: options.requestRate ?? (isServer ? Number.MAX_SAFE_INTEGER : REQUEST_RATE),
      timer: this.#timer,
      now,
      handle: (message) => this.#receive(message),
      isBehind: () => this.#outbox.waiting > outboxLimit / 2,
      pause: () => void channel.readable.pause(),
      resume: () => (this.#hasEnded ? void this.close() : void channel.readable.resume()),
    });
    this.#reader = new Reader(
      {
        onMessage: (message) => this.#inbox.add(message),
        onRefused: ({ message }) => this.tell(message),
      },
      { ...LIMITS, ...options.limits },
    );
    const outboxLimit = options.outboxLimit ?? OUTBOX_LIMIT;
    this.#outbox = new Outbox(channel.writable, {
      limit: outboxLimit,
      patience: (options.patience ?? PATIENCE_S) * 1000,
      timer: this.#timer,
      now,
      traffic: this.traffic,
      sendBeside: options.sendBeside,
      onTooSlow: (reason) => this.drop(reason),
    });
    this.#listen(channel);
  }

  /** The bytes of messages that wait to be sent. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** Whether a message is for this client: it asked for it and wants more than BLOBs. */
  wants(message: Message): boolean {
    if (message.tag === "set" && message.kind === "BLOB") {
      return this.wantsBlob(message.device, message.name);
    }
    return !this.policies.isOnlyBlobs && this.interest.includes(message);
  }

  /** Whether the BLOBs of a property are for this client. */
  wantsBlob(device: string, name: string): boolean {
    return this.interest.covers(device, name) && this.policies.delivers(device, name);
  }

  /** The milliseconds for which it has taken nothing of what is being sent to it; 0 if nothing is. */
  get stalledMs(): number {
    return this.#outbox.stalledMs;
  }

  /** It has taken a BLOB before, all of it. */
  get isProven(): boolean {
    return this.#outbox.hasSentParcel;
  }

  onDenied(property: string): void {
    this.#onDenied(property);
  }

  /** Sends an answer, which needs no interest, only that the client wants more than BLOBs. */
  deliver(message: Message): void {
    if (!this.policies.isOnlyBlobs) this.send(message);
  }

  /** Sends an error message that belongs to no device. */
  tell(text: string): void {
    this.deliver({ tag: "message", timestamp: timestamp(), message: `[ERROR] ${text}` });
  }

  /** Sends a warning that belongs to no device. */
  warn(text: string): void {
    this.deliver({ tag: "message", timestamp: timestamp(), message: `[WARNING] ${text}` });
  }

  /** Sends a message whatever the client asked for. */
  send(message: Message): void {
    this.sendBytes(Buffer.from(write(message)));
  }

  /** Sends a message that has been written already. */
  sendBytes(bytes: Uint8Array): void {
    if (this.#state === "open") this.#outbox.push(bytes);
  }

  /** Sends something long, see Outbox.pushParcel. */
  async sendParcel(parcel: Parcel, lane?: Lane): Promise<void> {
    if (this.#state === "open") await this.#outbox.pushParcel(parcel, lane);
  }

  /** Ends the connection once what waits has been sent, or a second has passed. */
  async close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closing";
      const stop = this.#timer(FAREWELL_MS, () => this.#finish());
      await Promise.race([this.#farewell(), this.closed]);
      stop();
      this.#finish();
    }
    await this.closed;
  }

  /** Ends the connection at once, as the peer cannot keep up. Amid a BLOB there is no way to tell it. */
  drop(reason: string): void {
    if (this.#state === "closed") return;
    this.#lose(reason);
    this.#handlers.onTooSlow?.(reason);
  }

  #lose(reason: string): void {
    if (this.#state === "closed") return;
    this.#log?.warn(`${this.name} is closed: ${reason}`);
    this.#finish();
  }

  async #farewell(): Promise<void> {
    await this.#outbox.flush();
    await new Promise((resolve) => this.#channel.writable.end(resolve));
  }

  #listen({ readable, writable }: Channel): void {
    readable.on("data", (chunk) => this.#read(chunk));
    // What a peer has asked before it ended its own side is still done, and what waits for it sent.
    readable.on("end", () => {
      this.#hasEnded = true;
      if (!this.#inbox.isBusy) void this.close();
    });
    for (const stream of new Set([readable, writable])) {
      stream.on("error", (error) => this.#lose(errorText(error)));
      stream.on("close", () => this.#finish());
    }
  }

  #read(chunk: Uint8Array): void {
    if (this.#state !== "open") return;
    const broken = this.#parse(chunk);
    this.#inbox.proceed(chunk.length);
    if (broken === undefined) return;
    this.#log?.warn(`${this.name} is closed: ${broken.message}`);
    this.tell(broken.message);
    void this.close();
  }

  #parse(chunk: Uint8Array): ProtocolError | undefined {
    try {
      this.#reader.write(chunk);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return error;
    }
  }

  #receive(message: Message): void {
    if (this.#state !== "open") return;
    if (message.tag === "pingRequest") {
      this.send({ tag: "pingReply", uid: message.uid });
    } else if (message.tag !== "pingReply") {
      this.#handlers.onMessage(this, message);
    }
  }

  #finish(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#channel.readable.destroy();
    this.#channel.writable.destroy();
    this.#inbox.close();
    this.#outbox.close();
    this.#handlers.onClosed(this);
    this.#onClosed();
  }
}
