import { commentCards, type FitsValue, isKeyword, real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { FITS_HEADER } from "./definitions.js";
import { MOST_CUSTOM_CARDS } from "./image.js";
import type { Keywords } from "./keywords.js";

interface Entry {
  readonly value: FitsValue | undefined;
  readonly comment: string;
  /** How many lines of a header it takes. */
  readonly cards: number;
}

/** What clients want in the headers; it outlives connections, as it always has. */
export class CustomKeywords {
  readonly #entries = new Map<string, Entry>();

  /** Takes one keyword, one comment, or the word INDI_CLEAR, by the rules clients know. */
  take(name: string, value: string, comment: string): void {
    if (name === "INDI_CLEAR") {
      this.#entries.clear();
    } else if (name !== "" && value !== "") {
      if (!isKeyword(name.toUpperCase())) {
        throw new Refused(`${name} is no FITS keyword: 1 to 8 letters, digits, "-" and "_".`);
      }
      this.#set(name.toUpperCase(), { value: typed(value), comment, cards: 1 });
    } else if (comment !== "") {
      // No keyword has a blank in it.
      const { length: cards } = commentCards(comment);
      this.#set(`COMMENT ${comment}`, { value: undefined, comment, cards });
    } else {
      throw new Refused("Cannot add an empty FITS record.");
    }
  }

  /** How many lines of a header all of them take. */
  get cards(): number {
    return [...this.#entries.values()].reduce((sum, { cards }) => sum + cards, 0);
  }

  #set(key: string, entry: Entry): void {
    const others = this.cards - (this.#entries.get(key)?.cards ?? 0);
    if (others + entry.cards > MOST_CUSTOM_CARDS) {
      throw new Refused(`A header takes no more than ${MOST_CUSTOM_CARDS} keywords of clients.`);
    }
    this.#entries.set(key, entry);
  }

  /** The keywords of this moment, by name, the comments last. */
  snapshot(): Keywords {
    const entries = [...this.#entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return (header) => {
      for (const [keyword, { value, comment }] of entries) {
        if (value !== undefined && header.allows(keyword)) header.set(keyword, value, comment);
      }
      for (const [, { value, comment }] of entries) {
        if (value === undefined) header.comment(comment);
      }
    };
  }
}

/** Shows the property through which clients add keywords. */
export function customKeywords(connection: Connection, keywords: CustomKeywords): void {
  connection.add(FITS_HEADER).onNew(({ KEYWORD_NAME, KEYWORD_VALUE, KEYWORD_COMMENT }) => {
    keywords.take(KEYWORD_NAME, KEYWORD_VALUE, KEYWORD_COMMENT);
  });
}

/** Whole numbers and decimals, with a point or a comma, are numbers; all else is text. */
function typed(value: string): FitsValue {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  if (/^[+-]?\d*[.,]\d+$/.test(value)) return real(Number(value.replace(",", ".")));
  return value.replaceAll("/", "\\");
}
