import { ProtocolError } from "./errors.js";

/** Decodes base64 that arrives in pieces, cut and wrapped anywhere, into one buffer. */
export class Base64Decoder {
  readonly #limit: number;
  #bytes: Buffer;
  #length = 0;
  #rest = "";

  /** Begins with room for the expected bytes; refuses to grow beyond the limit. */
  constructor(expected: number, limit: number) {
    if (expected > limit) throw tooLong(limit);
    this.#limit = limit;
    this.#bytes = Buffer.allocUnsafeSlow(expected);
  }

  /** The number of bytes decoded so far. */
  get length(): number {
    return this.#length;
  }

  /** Takes a piece of base64 text as bytes. */
  write(chunk: Buffer): void {
    const text = this.#rest + chunk.toString("latin1");
    // Line breaks are rare; finding out by a failed decode costs nothing where there are none.
    this.#rest = this.#decode(text) ?? this.#decode(text.replaceAll(/\s/g, "")) ?? malformed();
  }

  /** The decoded bytes. */
  end(): Uint8Array {
    const text = this.#rest.trim();
    this.#rest = this.#decode(text.padEnd(Math.ceil(text.length / 4) * 4, "=")) ?? malformed();
    return this.#bytes.subarray(0, this.#length);
  }

  /** Decodes all whole groups of four; gives what is left, or nothing if this is not plain base64. */
  #decode(text: string): string | undefined {
    const whole = text.length - (text.length % 4);
    const padding = text.endsWith("==", whole) ? 2 : text.endsWith("=", whole) ? 1 : 0;
    const expected = (whole / 4) * 3 - padding;
    this.#reserve(expected);
    const written = this.#bytes.write(text.slice(0, whole), this.#length, "base64");
    if (written !== expected) return undefined;
    this.#length += written;
    return text.slice(whole);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    if (needed > this.#limit) throw tooLong(this.#limit);
    const grown = Buffer.allocUnsafeSlow(
      Math.min(Math.max(needed, this.#bytes.length * 2), this.#limit),
    );
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

function tooLong(limit: number): ProtocolError {
  return new ProtocolError("limit", `A BLOB is longer than ${limit} bytes`);
}

function malformed(): never {
  throw new ProtocolError("malformed", "A BLOB is not base64");
}
