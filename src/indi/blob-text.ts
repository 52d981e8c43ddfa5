import { setImmediate as nextTurn } from "node:timers/promises";
import type { Parcel, Write } from "./outbox.js";
import { plainTextMemory, type TextMemory } from "./text-memory.js";
import { quietTimer, type Timer } from "./timer.js";
import type { BlobContent } from "./vector.js";

/**
 * The bytes of one write. Measured with frames of 122 MB: smaller pieces cost turns of the loop and system calls,
 * larger ones memory. Divisible by three.
 */
const PIECE = 1536 * 1024;

/** Room for the XML before and after the base64 in the same buffer as its first and last piece. */
const ROOM_FOR_XML = 8 * 1024;
const TEXT_SIZE = (PIECE / 3) * 4 + ROOM_FOR_XML;

/** Pieces that are kept for clients that have yet to come to them: 32 MiB of base64. */
const WINDOW = 16;

/** Memory kept from one BLOB to the next: what a single client needs. */
const POOLED = 3;

/** After this long in milliseconds without use all other memory is given back. */
const IDLE = 10_000;

/** Memory for one piece each, used again and again. */
export class PiecePool {
  readonly #free: TextMemory[] = [];
  readonly #allocate: (size: number) => TextMemory;
  readonly #timer: Timer;
  #stopTimer: (() => void) | undefined;

  constructor(allocate: (size: number) => TextMemory = plainTextMemory, timer: Timer = quietTimer) {
    this.#allocate = allocate;
    this.#timer = timer;
  }

  take(): TextMemory {
    return this.#free.pop() ?? this.#allocate(TEXT_SIZE);
  }

  give(memory: TextMemory): void {
    this.#free.push(memory);
    if (this.#free.length <= POOLED) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#timer(IDLE, () => this.#free.splice(POOLED));
  }
}

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
    const count = Math.max(1, Math.ceil(this.#content.bytes.length / PIECE));
    let before: Promise<boolean> = Promise.resolve(true);
    for (let number = 0; number < count; number++) {
      sender.at = number;
      const writing = this.#sendPiece(number, write);
      // The next piece is encoded while this one is on its way, but no further ahead.
      if (!(await before)) return void (await writing);
      before = writing;
      // A socket that takes everything at once would never let the loop turn.
      if (number + 1 < count) await nextTurn();
    }
    await before;
  }

  async #sendPiece(number: number, write: Write): Promise<boolean> {
    const piece = this.#pieces.get(number) ?? this.#encode(number);
    this.#pieces.set(number, piece);
    piece.users++;
    const isSent = await write(piece.text);
    piece.users--;
    this.#forget();
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
    const memory = this.#pool.take();
    const { text } = memory;
    const start = number * PIECE;
    const end = Math.min(start + PIECE, bytes.length);
    let length = number === 0 ? text.write(this.#opening, 0) : 0;
    length = memory.encode(bytes, start, end, length, alteration);
    if (end === bytes.length) length += text.write(this.#closing, length);
    return { memory, text: text.subarray(0, length), users: 0 };
  }
}
