import { wholeBlocks } from "./block.js";
import {
  CARD_BYTES,
  commentCards,
  type FitsValue,
  fillCard,
  isKeyword,
  valueCard,
  valueText,
} from "./card.js";
import { FitsError } from "./errors.js";

/** A keyword, its value and what it means. */
export interface FitsKeyword {
  readonly keyword: string;
  readonly value: FitsValue;
  readonly comment?: string;
}

/** What stands in a header for other formats to repeat. */
export interface WrittenKeyword {
  /** COMMENT for a line of text. */
  readonly keyword: string;
  readonly value: string | number | boolean;
  /** The value as a card has it, a string in quotes; empty for a line of text. */
  readonly text: string;
  readonly comment: string;
}

/** The header of a FITS file: the keywords that describe the data first, then all others. */
export class FitsHeader {
  readonly #structure: readonly string[];
  readonly #reserved: ReadonlySet<string>;
  readonly #entries = new Map<string | symbol, FitsKeyword | readonly string[]>();

  /** @param structure keywords that a reader needs in this order, such as those of imageKeywords */
  constructor(structure: readonly FitsKeyword[]) {
    this.#structure = structure.map(card);
    this.#reserved = new Set(structure.map(({ keyword }) => keyword));
  }

  /** Says whether a caller may set a keyword: a legal one that does not describe the data. */
  allows(keyword: string): boolean {
    return isKeyword(keyword) && !this.#reserved.has(keyword) && !STRUCTURAL.test(keyword);
  }

  /**
   * Sets a keyword, in its place if it was set before; then its comment stays unless there is a
   * new one. A number that is not finite is unknown, and its keyword is left out. Throws a
   * FitsError for a keyword that `allows` refuses.
   */
  set(keyword: string, value: FitsValue, comment?: string): this {
    if (!this.allows(keyword)) {
      throw new FitsError("BAD_KEYWORD", `${keyword} cannot be set in a FITS header`);
    }
    const number = typeof value === "object" ? value.real : value;
    if (typeof number === "number" && !Number.isFinite(number)) {
      this.#entries.delete(keyword);
      return this;
    }
    const before = this.#entries.get(keyword);
    const known = before !== undefined && "comment" in before ? before.comment : undefined;
    this.#entries.set(keyword, { keyword, value, comment: comment ?? known ?? "" });
    return this;
  }

  /** Adds a line of text, or several where it is longer than a card. */
  comment(text: string): this {
    this.#entries.set(Symbol("COMMENT"), commentCards(text));
    return this;
  }

  /** What was set, in its order. */
  get keywords(): readonly WrittenKeyword[] {
    return [...this.#entries.values()].flatMap((entry) => {
      if (!("keyword" in entry)) {
        const lines = entry.map((line) => line.slice("COMMENT ".length).trimEnd());
        return lines.map((comment) => ({ keyword: "COMMENT", value: "", text: "", comment }));
      }
      const { keyword, value, comment = "" } = entry;
      const text = valueText(value).trim().replace(/ +'$/, "'");
      return [{ keyword, value: typeof value === "object" ? value.real : value, text, comment }];
    });
  }

  /**
   * Writes the header.
   *
   * @param room bytes to fill exactly, a multiple of 2880; without it the blocks that are needed
   * @throws FitsError where the header is longer than `room`
   */
  bytes(room?: number): Uint8Array {
    const entries = [...this.#entries.values()];
    const cards = [
      ...this.#structure,
      ...entries.flatMap((entry) => ("keyword" in entry ? [card(entry)] : entry)),
    ];
    const needed = (cards.length + 1) * CARD_BYTES;
    const size = room ?? wholeBlocks(needed);
    if (needed > size) {
      throw new FitsError("NO_ROOM", `A FITS header of ${needed} bytes does not fit in ${size}`);
    }
    const text = cards.join("");
    // With a room to fill, END is its last card: data begin in the block after the one with END.
    const end = room === undefined ? text.length : size - CARD_BYTES;
    return Buffer.from((text.padEnd(end) + fillCard("END")).padEnd(size), "latin1");
  }
}

/** Keywords with which a caller could make the data unreadable. */
const STRUCTURAL =
  /^(SIMPLE|BITPIX|NAXIS\d*|EXTEND|XTENSION|GROUPS|PCOUNT|GCOUNT|BZERO|BSCALE|BLANK|END|COMMENT|HISTORY|CONTINUE)$/;

function card({ keyword, value, comment }: FitsKeyword): string {
  return valueCard(keyword, value, comment);
}
