import { wholeBlocks } from "./block.js";
import { CARD_BYTES } from "./card.js";
import { FitsError } from "./errors.js";

import { dataBytes, type FitsImage, UNSIGNED_16 } from "./image.js";

/** An image read from a FITS file. */
export interface FitsFile extends FitsImage {
  /** Keywords in the order of the file, the first where one comes twice; a value may be missing. */
  readonly keywords: ReadonlyMap<string, string | number | boolean | undefined>;
  /** The texts of the COMMENT cards. */
  readonly comments: readonly string[];
  /** Values of all planes one after the other, rows from the first in the file. */
  readonly pixels: Uint8Array | Uint16Array;
}

/**
 * Reads a FITS file with one image of unsigned 8 or 16-bit values.
 *
 * Throws a FitsError for anything else, and for a file that ends too early. The values of 8 bits
 * are a view of `file`, those of 16 bits a copy.
 */
export function readFits(file: Uint8Array): FitsFile {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.toString("latin1", 0, 9) !== "SIMPLE  =") {
    throw new FitsError("NOT_FITS", "This is no FITS file: it does not begin with SIMPLE");
  }
  const cards = readCards(bytes);
  const keywords = readKeywords(cards);
  const image = readShape(keywords);
  const start = wholeBlocks((cards.length + 1) * CARD_BYTES);
  const data = bytes.subarray(start, start + dataBytes(image));
  if (data.length < dataBytes(image)) {
    throw new FitsError(
      "NOT_FITS",
      `The FITS file ends after ${data.length} of ${dataBytes(image)} bytes of data`,
    );
  }
  const comments = cards
    .filter((card) => card.startsWith("COMMENT "))
    .map((card) => card.slice(8).trimEnd());
  const pixels =
    image.bits === 8 ? new Uint8Array(data.buffer, data.byteOffset, data.length) : unsigned16(data);
  return { ...image, keywords, comments, pixels };
}

/** Reads the cards before END, of 80 characters each. */
export function readCards(bytes: Buffer): readonly string[] {
  const cards: string[] = [];
  for (let at = 0; at + CARD_BYTES <= bytes.length; at += CARD_BYTES) {
    const card = bytes.toString("latin1", at, at + CARD_BYTES);
    if (card.trimEnd() === "END") return cards;
    cards.push(card);
  }
  throw new FitsError("NOT_FITS", "The FITS header has no END");
}

/** The values of keywords; the first where one comes twice. */
export function readKeywords(cards: readonly string[]): FitsFile["keywords"] {
  const keywords = new Map<string, string | number | boolean | undefined>();
  for (const card of cards) {
    const keyword = card.slice(0, 8).trimEnd();
    if (card.slice(8, 10) === "= " && !keywords.has(keyword)) {
      keywords.set(keyword, readValue(card.slice(10)));
    }
  }
  return keywords;
}

function readValue(field: string): string | number | boolean | undefined {
  const string = /^ *'((?:[^']|'')*)'/.exec(field)?.[1];
  if (string !== undefined) return string.replaceAll("''", "'").trimEnd();
  const text = (field.split("/")[0] ?? "").trim();
  if (text === "") return undefined;
  if (text === "T" || text === "F") return text === "T";
  return Number(text.replace("D", "E"));
}

/** The shape of the image that keywords describe; throws a FitsError where it is not one of ours. */
export function readShape(keywords: FitsFile["keywords"]): FitsImage {
  const bits = keywords.get("BITPIX");
  const axes = keywords.get("NAXIS");
  const planes = axes === 2 ? 1 : keywords.get("NAXIS3");
  const width = keywords.get("NAXIS1");
  const height = keywords.get("NAXIS2");
  const zero = keywords.get("BZERO") ?? 0;
  const scale = keywords.get("BSCALE") ?? 1;
  const isImage = (axes === 2 || axes === 3) && (planes === 1 || planes === 3);
  const isUnsigned = (bits === 8 && zero === 0) || (bits === 16 && zero === UNSIGNED_16);
  if (!isImage || typeof width !== "number" || typeof height !== "number") {
    throw new FitsError(
      "UNSUPPORTED",
      "The FITS file has no image of one or three planes in front",
    );
  }
  if (!isUnsigned || scale !== 1) {
    throw new FitsError(
      "UNSUPPORTED",
      `The FITS image is not of unsigned 8 or 16-bit values (BITPIX ${bits}, BZERO ${zero}, BSCALE ${scale})`,
    );
  }
  return { width, height, planes, bits };
}

function unsigned16(data: Buffer): Uint16Array {
  const values = new Uint16Array(data.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = (((data[2 * i] ?? 0) ^ 0x80) << 8) | (data[2 * i + 1] ?? 0);
  }
  return values;
}
