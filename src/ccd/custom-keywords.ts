import { type FitsValue, real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { FITS_HEADER } from "./definitions.js";
import { MOST_CUSTOM_CARDS } from "./image.js";
import type { Keywords } from "./keywords.js";

interface Entry {
  readonly value: FitsValue | undefined;
  readonly comment: string;
}

/** What clients want in the headers; it outlives connections, as it always has. */
export class CustomKeywords {
  readonly #entries = new Map<string, Entry>();

  /** Takes one keyword, one comment, or the word INDI_CLEAR, by the rules clients know. */
  take(name: string, value: string, comment: string): void {
    if (name === "INDI_CLEAR") {
      this.#entries.clear();
    } else if (this.#entries.size === MOST_CUSTOM_CARDS) {
      throw new Refused(`A header takes no more than ${MOST_CUSTOM_CARDS} keywords of clients.`);
    } else if (name !== "" && value !== "") {
      this.#entries.set(name.toUpperCase(), { value: typed(value), comment });
    } else if (comment !== "") {
      this.#entries.set(comment, { value: undefined, comment });
    } else {
      throw new Refused("Cannot add an empty FITS record.");
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What a client has set a keyword to, as text; empty where nobody has. */
  text(keyword: string): string {
    const value = this.#entries.get(keyword)?.value;
    return value === undefined || typeof value === "object" ? "" : `${value}`;
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
