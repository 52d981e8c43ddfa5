import { setImmediate as nextTurn } from "node:timers/promises";
import type { Parcel, Write } from "./outbox.js";
import { plainTextMemory, type TextMemory } from "./text-memory.js";
import type { BlobContent } from "./vector.js";

/**
 * The bytes of one write. Measured with frames of 122 MB: smaller pieces cost turns of the loop and system calls,
 * larger ones memory. Divisible by three.
 */
const PIECE = 1536 * 1024;

/** Room for the XML before and after the base64 in the same buffer as its first and last piece. */
const ROOM_FOR_XML = 8 * 1024;
const TEXT_SIZE = (PIECE / 3) * 4 + ROOM_FOR_XML;

/** Pieces kept beside those being sent, for clients a little behind the first. */
const KEPT = 1;

/** Memory for one piece each, used again and again. */
export class PiecePool {
  readonly #free: TextMemory[] = [];
  readonly #allocate: (size: number) => TextMemory;

  constructor(allocate: (size: number) => TextMemory = plainTextMemory) {
    this.#allocate = allocate;
  }

  take(): TextMemory {
    return this.#free.pop() ?? this.#allocate(TEXT_SIZE);
  }

  give(memory: TextMemory): void {
    if (this.#free.length <= KEPT + 1) this.#free.push(memory);
  }
}

interface Piece {
  readonly memory: TextMemory;
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
  readonly #content: Pick<BlobContent, "bytes" | "alteration">;
  readonly #closing: string;
  readonly #pool: PiecePool;
  /** By number; those nobody uses stand in the order they were last used. */
  readonly #pieces = new Map<number, Piece>();

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
    const count = Math.max(1, Math.ceil(this.#content.bytes.length / PIECE));
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
    for (const { memory } of this.#pieces.values()) this.#pool.give(memory);
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
    for (const [number, { memory }] of unused.slice(0, -KEPT)) {
      this.#pieces.delete(number);
      this.#pool.give(memory);
    }
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
