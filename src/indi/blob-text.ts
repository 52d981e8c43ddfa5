import { setImmediate as nextTurn } from "node:timers/promises";
import type { Parcel, Write } from "./outbox.js";
import type { PiecePool } from "./piece-pool.js";
import type { TextMemory } from "./text-memory.js";
import type { BlobContent } from "./vector.js";

/**
 * The bytes of one write. Measured with frames of 122 MB: smaller pieces cost turns of the loop and system calls,
 * larger ones memory. Divisible by three.
 */
const PIECE = 1536 * 1024;

/** Room for the XML before and after the base64 in the same buffer as its first and last piece. */
const ROOM_FOR_XML = 8 * 1024;
const TEXT_SIZE = (PIECE / 3) * 4 + ROOM_FOR_XML;

/** A BLOB of fewer pieces is sent before another thread is awake; live frames are so small. */
const WORTH_A_THREAD = 4;

/** Pieces that are kept for clients that have yet to come to them: 32 MiB of base64. */
const WINDOW = 16;

interface Piece {
  readonly memory: TextMemory;
  readonly text: Buffer;
  users: number;
}

/** A client that is being sent the BLOB. */
interface Sender {
  /** The number of the latest piece it has begun. */
  at: number;
}

/**
 * The XML of one BLOB, encoded piece by piece as clients come to it. Every piece is encoded once for all clients within
 * a window of each other; one further behind has it encoded again. Each client goes at its own pace.
 */
export class BlobText implements Parcel {
  readonly #opening: string;
  readonly #content: Pick<BlobContent, "bytes" | "alteration">;
  readonly #closing: string;
  readonly #pool: PiecePool;
  /** How many pieces it has. */
  readonly #count: number;
  readonly #pieces = new Map<number, Piece>();
  readonly #senders = new Set<Sender>();

  constructor(
    opening: string,
    content: Pick<BlobContent, "bytes" | "alteration">,
    closing: string,
    pool: PiecePool,
  ) {
    if (Buffer.byteLength(opening + closing) > ROOM_FOR_XML) {
      throw new TypeError("The attributes of a BLOB are too long");
    }
    this.#opening = opening;
    this.#content = content;
    this.#closing = closing;
    this.#pool = pool;
    this.#count = Math.max(1, Math.ceil(content.bytes.length / PIECE));
  }

  async send(write: Write): Promise<void> {
    const sender: Sender = { at: -1 };
    this.#senders.add(sender);
    await this.#sendAll(sender, write);
    this.#senders.delete(sender);
    this.#forget();
  }

  /** Gives the buffers back; to be called when every client is done. */
  dispose(): void {
    for (const { memory } of this.#pieces.values()) this.#pool.give(memory);
    this.#pieces.clear();
  }

  async #sendAll(sender: Sender, write: Write): Promise<void> {
    let next: Piece | undefined = this.#use(0);
    for (let number = 0; next !== undefined; number++) {
      sender.at = number;
      const writing = this.#sendPiece(next, write);
      // The next piece is encoded while this one is on its way, but no further ahead.
      next = this.#use(number + 1);
      if (!(await writing)) return this.#leave(next);
      // A socket that takes everything at once would never let the loop turn.
      if (next !== undefined) await nextTurn();
    }
  }

  /** A piece to be sent, which is kept until it is left; undefined behind the last one. */
  #use(number: number): Piece | undefined {
    if (number >= this.#count) return undefined;
    const piece = this.#pieces.get(number) ?? this.#encode(number);
    this.#pieces.set(number, piece);
    piece.users++;
    return piece;
  }

  #leave(piece: Piece | undefined): void {
    if (piece === undefined) return;
    piece.users--;
    this.#forget();
  }

  async #sendPiece(piece: Piece, write: Write): Promise<boolean> {
    const isSent = await write(piece.text, { beside: this.#count >= WORTH_A_THREAD });
    this.#leave(piece);
    return isSent;
  }

  /** Gives back what nobody needs any more and, beyond the window, what it takes longest until somebody does. */
  #forget(): void {
    const unused = [...this.#pieces]
      .filter(([, { users }]) => users === 0)
      .map(([number, { memory }]) => ({ number, memory, wait: this.#waitFor(number) }))
      .sort((a, b) => b.wait - a.wait);
    for (const { number, memory, wait } of unused) {
      if (wait < Number.POSITIVE_INFINITY && this.#pieces.size <= WINDOW) return;
      this.#pieces.delete(number);
      this.#pool.give(memory);
    }
  }

  /** How many pieces the next client to come to a piece has to be sent until then. */
  #waitFor(number: number): number {
    const behind = [...this.#senders].map(({ at }) => number - at).filter((wait) => wait > 0);
    return Math.min(...behind);
  }

  #encode(number: number): Piece {
    const { bytes, alteration } = this.#content;
    const memory = this.#pool.take(TEXT_SIZE);
    const { text } = memory;
    const start = number * PIECE;
    const end = Math.min(start + PIECE, bytes.length);
    let length = number === 0 ? text.write(this.#opening, 0) : 0;
    length = memory.encode(bytes, start, end, length, alteration);
    if (end === bytes.length) length += text.write(this.#closing, length);
    return { memory, text: text.subarray(0, length), users: 0 };
  }
}
