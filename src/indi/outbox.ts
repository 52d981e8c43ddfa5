import type { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Timer } from "./timer.js";
import type { Traffic } from "./traffic.js";

/**
 * Hands bytes to the system; true when it has them all, false when the peer is gone; in either case they may change from
 * then on. `beside` has another thread do it where possible, which is not awake at once.
 */
export type Write = (bytes: Uint8Array, how?: { readonly beside: boolean }) => Promise<boolean>;

/**
 * Hands bytes to the system on another thread, as many as it has room for; settles with their number, and never rejects.
 * Only where nothing else is being written to the peer.
 */
export type SendBeside = (bytes: Uint8Array) => Promise<number>;

/** Something long that makes its bytes only when they can be sent. */
export interface Parcel {
  /** Sends all of it in order, or stops when a write gives false. */
  send(write: Write): Promise<void>;
}

/** Limits of an outbox and what it does beyond them. */
export interface OutboxOptions {
  /** The bytes of messages that may wait; parcels take no memory of the outbox. */
  readonly limit: number;
  /** The time in milliseconds in which a peer must take a piece, of some mebibytes at most. */
  readonly patience: number;
  readonly timer: Timer;
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
  /** Keeps the loop free of copying where there is much to be sent. */
  readonly sendBeside?: SendBeside | undefined;
  /** Where it is counted what was sent. */
  readonly traffic?: Traffic;
  /** Called once, when the peer is too slow to be served any longer. */
  onTooSlow(reason: string): void;
}

/** Parcels of which later ones may replace earlier ones. */
export interface Lane {
  readonly name: string;
  /** How many of them may wait. */
  readonly most: number;
}

/**
 * What of a lane waits no longer than this, in milliseconds, is not replaced: a peer that is busy for a moment shall miss
 * nothing, and one that is slow is not much later for it.
 */
const FRESH = 100;

interface WaitingParcel {
  readonly parcel: Parcel;
  readonly lane: string | undefined;
  /** When it came, in milliseconds. */
  readonly since: number;
  sent(): void;
}

type Item = { readonly bytes: Uint8Array } | WaitingParcel;

/** What waits to be sent to one peer, in order. */
export class Outbox {
  readonly #stream: Writable;
  readonly #options: OutboxOptions;
  readonly #items: Item[] = [];
  readonly #writes = new Set<(isSent: boolean) => void>();
  #waiting = 0;
  /** When the peer last took something, or was offered something after a rest. */
  #lastMove = 0;
  #hasSentParcel = false;
  #isClosed = false;
  #stopWatch: (() => void) | undefined;
  #draining: Promise<void> | undefined;

  constructor(stream: Writable, options: OutboxOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** The bytes of messages that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The milliseconds for which the peer has taken nothing of what is being written; 0 if nothing is. */
  get stalledMs(): number {
    return this.#writes.size === 0 ? 0 : this.#options.now() - this.#lastMove;
  }

  /** Whether the peer has taken a parcel, all of it. */
  get hasSentParcel(): boolean {
    return this.#hasSentParcel;
  }

  /** Adds a message. */
  push(bytes: Uint8Array): void {
    this.#add({ bytes }, bytes.length);
  }

  /**
   * Adds a parcel; settles when it has been sent or the outbox is closed. Of a lane only the latest parcels wait: a new
   * one takes the place of those not begun that have waited for a while, or are too many; they settle then.
   */
  pushParcel(parcel: Parcel, lane?: Lane): Promise<void> {
    const since = this.#options.now();
    if (lane !== undefined) this.#dropStale(lane, since);
    return new Promise((sent) => this.#add({ parcel, lane: lane?.name, since, sent }, 0));
  }

  /** Settles when nothing waits any more. */
  async flush(): Promise<void> {
    await this.#draining;
  }

  /** Drops all that waits; nothing is written any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatch?.();
    for (const finish of this.#writes) finish(false);
    for (const item of this.#items.splice(0)) if ("sent" in item) item.sent();
  }

  #dropStale({ name, most }: Lane, now: number): void {
    const waiting = this.#items.filter((item) => "lane" in item && item.lane === name);
    for (const [index, item] of waiting.entries()) {
      if (!("lane" in item)) continue;
      const isFresh = now - item.since < FRESH && waiting.length - index < most;
      if (isFresh) return;
      this.#items.splice(this.#items.indexOf(item), 1);
      this.#options.traffic?.addReplacedFrame();
      item.sent();
    }
  }

  #add(item: Item, size: number): void {
    if (this.#isClosed) {
      if ("sent" in item) item.sent();
      return;
    }
    this.#waiting += size;
    this.#items.push(item);
    if (this.#waiting > this.#options.limit)
      this.#options.onTooSlow(`${this.#waiting} bytes wait to be sent`);
    else this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // What is added while the present turn of the loop lasts goes out in the same write.
    await Promise.resolve();
    for (let item = this.#items.shift(); item; item = this.#items.shift()) {
      if ("parcel" in item) {
        await this.#sendParcel(item.parcel, item.sent);
        // A peer that takes everything at once would never let the loop turn.
        if (this.#items.length > 0) await nextTurn();
      } else await this.#sendMessages(item.bytes);
    }
    this.#draining = undefined;
  }

  async #sendMessages(first: Uint8Array): Promise<void> {
    const batch = [first];
    for (let next = this.#items[0]; next && "bytes" in next; next = this.#items[0]) {
      batch.push(next.bytes);
      this.#items.shift();
    }
    const bytes = batch.length > 1 ? Buffer.concat(batch) : first;
    await this.#write(bytes);
    this.#waiting -= bytes.length;
  }

  async #sendParcel(parcel: Parcel, sent: () => void): Promise<void> {
    await parcel.send((bytes, how) => this.#write(bytes, how));
    if (!this.#isClosed) this.#hasSentParcel = true;
    sent();
  }

  async #write(bytes: Uint8Array, { beside } = { beside: false }): Promise<boolean> {
    if (this.#isClosed) return false;
    const { patience, now, sendBeside, traffic } = this.#options;
    if (this.#writes.size === 0) this.#lastMove = now();
    if (this.#stopWatch === undefined) this.#watch(patience);
    const isPossible = beside && this.#stream.writableLength === 0;
    const taking = isPossible ? sendBeside?.(bytes) : undefined;
    const isSent = await new Promise<boolean>((resolve) => {
      const finish = (isSent: boolean) => {
        this.#writes.delete(finish);
        this.#lastMove = now();
        if (isSent) traffic?.addSent(bytes.length);
        resolve(isSent);
      };
      this.#writes.add(finish);
      void this.#handOver(bytes, taking, finish);
    });
    // Of an outbox that was closed meanwhile the other thread may still read them.
    await taking;
    return isSent;
  }

  async #handOver(
    bytes: Uint8Array,
    taking: Promise<number> | undefined,
    finish: (isSent: boolean) => void,
  ): Promise<void> {
    const taken = taking === undefined ? 0 : await taking;
    // The rest waits in the stream until the peer has room.
    if (taken === bytes.length) finish(true);
    else if (!this.#isClosed) this.#stream.write(bytes.subarray(taken), (error) => finish(!error));
  }

  /** Looks after a while whether the peer takes what it is sent: live frames would have a timer each a thousand times a second. */
  #watch(milliseconds: number): void {
    const { patience, timer, onTooSlow } = this.#options;
    this.#stopWatch = timer(milliseconds, () => {
      this.#stopWatch = undefined;
      if (this.#writes.size === 0) return;
      const left = patience - this.stalledMs;
      if (left > 0) this.#watch(left);
      else onTooSlow(`it took nothing for ${patience / 1000} s`);
    });
  }
}
