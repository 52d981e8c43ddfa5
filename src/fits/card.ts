import { FitsError } from "./errors.js";

/** Bytes of a card, the 80 columns of one header line. */
export const CARD_BYTES = 80;

/** A number that is written with a decimal point or exponent even where it is whole. */
export interface FitsReal {
  readonly real: number;
}

/** The value of a keyword; a number without fraction is an integer, see FitsReal. */
export type FitsValue = string | number | boolean | FitsReal;

/** Column where the value of a card ends at least, so that comments line up (FITS 4.0, 4.2). */
const VALUE_END = 30;
const MAX_STRING = 68;
const MAX_COMMENTARY = 72;

/** Marks a number as real: `real(10)` is written `10.0`. */
export function real(value: number): FitsReal {
  return { real: value };
}

/** Says whether a text can be a keyword: 1 to 8 of A-Z, 0-9, `-` and `_` (FITS 4.0, 4.1.2.1). */
export function isKeyword(text: string): boolean {
  return /^[A-Z0-9_-]{1,8}$/.test(text);
}

/**
 * Writes the card of a keyword with a value.
 *
 * What is too long is cut, what is not ASCII is replaced. Throws a FitsError for a bad keyword and
 * for a number that is not finite.
 */
export function valueCard(keyword: string, value: FitsValue, comment = ""): string {
  if (!isKeyword(keyword)) {
    throw new FitsError("BAD_KEYWORD", `${keyword} is not a FITS keyword of 1 to 8 characters`);
  }
  const card = `${keyword.padEnd(8)}= ${valueText(value)}`.padEnd(VALUE_END);
  return fillCard(comment === "" ? card : `${card} / ${ascii(comment)}`);
}

/** Writes a text as COMMENT cards, as many as it needs. */
export function commentCards(text: string): readonly string[] {
  const lines = ascii(text).match(new RegExp(`.{1,${MAX_COMMENTARY}}`, "g")) ?? [""];
  return lines.map((line) => fillCard(`COMMENT ${line}`));
}

/** Fills a text up to a card, or cuts it. */
export function fillCard(text: string): string {
  return text.slice(0, CARD_BYTES).padEnd(CARD_BYTES);
}

/** Writes a value as it stands in a card. */
export function valueText(value: FitsValue): string {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "boolean":
      return (value ? "T" : "F").padStart(20);
    case "number":
      return (Number.isSafeInteger(value) ? String(value) : realText(value)).padStart(20);
    default:
      return realText(value.real).padStart(20);
  }
}

function stringText(value: string): string {
  const quoted = ascii(value).replaceAll("'", "''").slice(0, MAX_STRING);
  // A pair of quotes cut in two would end the string early.
  const whole = /(?<!')(?:'')*'$/.test(quoted) ? quoted.slice(0, -1) : quoted;
  return `'${whole.padEnd(8)}'`;
}

/** Writes the shortest decimal that reads back as the same double. */
function realText(value: number): string {
  if (!Number.isFinite(value)) {
    throw new FitsError("BAD_VALUE", `${value} cannot be written in a FITS header`);
  }
  const text = String(value).toUpperCase();
  return /[.E]/.test(text) ? text : `${text}.0`;
}

function ascii(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[^ -~]/gu, "?");
}
