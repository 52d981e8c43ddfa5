import type { Parcel, Write } from "./outbox.js";

/** Hands a peer bytes together with a descriptor; false when there is no room for them at the moment. */
export type HandOver = (bytes: Uint8Array, descriptor: number) => boolean;

/** Says nothing to the peer; it is written to be told by the system when there is room again. */
const NOTHING = Buffer.from("\n");

/** A BLOB whose bytes the peer maps by itself: only the message and a descriptor are sent. */
export class AttachedBlob implements Parcel {
  readonly #message: Uint8Array;
  readonly #descriptor: number;
  readonly #handOver: HandOver;
  readonly #onHandedOver: () => void;

  constructor(
    message: Uint8Array,
    descriptor: number,
    handOver: HandOver,
    onHandedOver: () => void,
  ) {
    this.#message = message;
    this.#descriptor = descriptor;
    this.#handOver = handOver;
    this.#onHandedOver = onHandedOver;
  }

  async send(write: Write): Promise<void> {
    // Around the stream, which is empty: an outbox sends one thing after the other.
    while (!this.#handOver(this.#message, this.#descriptor)) {
      if (!(await write(NOTHING))) return;
    }
    this.#onHandedOver();
  }
}
