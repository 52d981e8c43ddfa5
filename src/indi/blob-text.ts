import { setImmediate as nextTurn } from "node:timers/promises";
import type { Parcel, Write } from "./outbox.js";

// Measured with a 122 MB frame: slices of 48 KiB encode fastest, and sixteen of them are a piece for
// one write. Larger slices leave the cache, smaller pieces cost system calls.
const SLICE = 48 * 1024;
const PIECE = 16 * SLICE;

/** Room for the XML before and after the base64 in the same buffer as its first and last piece. */
const ROOM_FOR_XML = 8 * 1024;
const BUFFER_SIZE = (PIECE / 3) * 4 + ROOM_FOR_XML;

/** Pieces kept beside those being sent, for clients a little behind the first. */
const KEPT = 3;

/** Buffers of one piece each, used again and again. */
export class PiecePool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE);
  }

  give(buffer: Buffer): void {
    if (this.#free.length <= KEPT) this.#free.push(buffer);
  }
}

interface Piece {
  readonly buffer: Buffer;
  readonly text: Buffer;
  users: number;
}

/**
 * The XML of one BLOB, encoded piece by piece as clients come to it. Every piece is encoded once for
 * all clients that are near each other; one far behind has it encoded again. Each client goes at its
 * own pace.
 */
export class BlobText implements Parcel {
  readonly #opening: string;
  readonly #bytes: Buffer;
  readonly #closing: string;
  readonly #pool: PiecePool;
  /** By number; those nobody uses stand in the order they were last used. */
  readonly #pieces = new Map<number, Piece>();

  constructor(opening: string, bytes: Uint8Array, closing: string, pool: PiecePool) {
    if (Buffer.byteLength(opening + closing) > ROOM_FOR_XML) {
      throw new TypeError("The attributes of a BLOB are too long");
    }
    this.#opening = opening;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#closing = closing;
    this.#pool = pool;
  }

  async send(write: Write): Promise<void> {
    const count = Math.max(1, Math.ceil(this.#bytes.length / PIECE));
    let before: Promise<boolean> = Promise.resolve(true);
    for (let number = 0; number < count; number++) {
      const writing = this.#sendPiece(number, write);
      // The next piece is encoded while this one is on its way, but no further ahead.
      if (!(await before)) return void (await writing);
      before = writing;
      // A socket that takes everything at once would never let the loop turn.
      if (number + 1 < count) await nextTurn();
    }
    await before;
  }

  /** Gives the buffers back; to be called when every client is done. */
  dispose(): void {
    for (const { buffer } of this.#pieces.values()) this.#pool.give(buffer);
    this.#pieces.clear();
  }

  async #sendPiece(number: number, write: Write): Promise<boolean> {
    const piece = this.#pieces.get(number) ?? this.#encode(number);
    piece.users++;
    // Set anew, so that it stands behind those used less recently.
    this.#pieces.delete(number);
    this.#pieces.set(number, piece);
    const isSent = await write(piece.text);
    piece.users--;
    this.#forgetOldest();
    return isSent;
  }

  #forgetOldest(): void {
    const unused = [...this.#pieces].filter(([, { users }]) => users === 0);
    for (const [number, { buffer }] of unused.slice(0, -KEPT)) {
      this.#pieces.delete(number);
      this.#pool.give(buffer);
    }
  }

  #encode(number: number): Piece {
    const buffer = this.#pool.take();
    const start = number * PIECE;
    const end = Math.min(start + PIECE, this.#bytes.length);
    let length = number === 0 ? buffer.write(this.#opening, 0) : 0;
    for (let at = start; at < end; at += SLICE) {
      const slice = this.#bytes.toString("base64", at, Math.min(at + SLICE, end));
      length += buffer.write(slice, length, "latin1");
    }
    if (end === this.#bytes.length) length += buffer.write(this.#closing, length);
    return { buffer, text: buffer.subarray(0, length), users: 0 };
  }
}
