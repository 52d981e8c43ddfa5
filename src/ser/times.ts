import { serTime } from "./header.js";

const TIMES_IN_CHUNK = 8_192;

/** The times of a recording's frames as its trailer, grown in chunks so that a long recording costs no copies. */
export class SerTimes {
  readonly #chunks: Buffer[] = [];
  #count = 0;

  /** Adds the time of the next frame, in milliseconds since 1970. */
  push(milliseconds: number): void {
    const place = this.#count % TIMES_IN_CHUNK;
    if (place === 0) this.#chunks.push(Buffer.alloc(8 * TIMES_IN_CHUNK));
    this.#chunks.at(-1)?.writeBigInt64LE(serTime(milliseconds), 8 * place);
    this.#count++;
  }

  /** The first `count` times, in pieces. */
  trailer(count: number): Buffer[] {
    return this.#chunks
      .map((chunk, index) => chunk.subarray(0, 8 * (count - index * TIMES_IN_CHUNK)))
      .filter((chunk, index) => chunk.length > 0 && index * TIMES_IN_CHUNK < count);
  }
}
