import { wholeBlocks } from "./block.js";
import { CARD_BYTES, type FitsValue, fillCard, valueCard } from "./card.js";
import { checksumText, onesComplementSum } from "./checksum.js";
import { dataBytes, type FitsImage } from "./image.js";
import { readCards, readKeywords, readShape } from "./reader.js";
import { RICE_BLOCK, riceBound, riceEncode } from "./rice.js";

/** Bytes of a table's row: how long a compressed row of pixels is, and where it begins. */
const ROW_BYTES = 8;

/** Keywords of the image that the table has in a form of its own. */
const RETOLD = /^(SIMPLE|BITPIX|NAXIS\d*|EXTEND|CHECKSUM|DATASUM) *$/;

/**
 * Compresses a FITS file with one image of unsigned 8 or 16-bit values, without loss.
 *
 * The result is a FITS file too: an empty primary array, and a table that holds each row of pixels Rice coded (FITS
 * 4.0, section 10), as `fpack` makes it. Takes long; memory for the worst case is reserved, and used as needed.
 */
export function compressFits(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const cards = readCards(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  const image = readShape(readKeywords(cards));
  const dataStart = wholeBlocks((cards.length + 1) * CARD_BYTES);
  const pixels = file.subarray(dataStart, dataStart + dataBytes(image));

  const primary = headerBytes([
    ["SIMPLE", true, "conforms to the FITS standard"],
    ["BITPIX", 8, "bits per value"],
    ["NAXIS", 0, "no data here: see the table"],
    ["EXTEND", true, "extensions may follow"],
  ]);
  const kept = cards.filter((card) => card.trim() !== "" && !RETOLD.test(card.slice(0, 8)));
  const rows = image.height * image.planes;
  const headerSize = headerBytes(tableKeywords(image, 0, 0), kept).length;
  const tableStart = primary.length + headerSize;
  const heapStart = tableStart + rows * ROW_BYTES;
  const rowBound = riceBound(image.width, image.bits);
  const result = new Uint8Array(wholeBlocks(heapStart + rows * rowBound));

  const table = new DataView(result.buffer, tableStart, rows * ROW_BYTES);
  const rowBytes = pixels.length / rows;
  let end = heapStart;
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    const start = end;
    const source = pixels.subarray(row * rowBytes, (row + 1) * rowBytes);
    end = riceEncode(source, image.bits, result, start);
    table.setInt32(row * ROW_BYTES, end - start);
    table.setInt32(row * ROW_BYTES + 4, start - heapStart);
    longest = Math.max(longest, end - start);
  }

  const compressed = result.subarray(0, wholeBlocks(end));
  const data = compressed.subarray(tableStart);
  result.set(primary);
  const keywords = tableKeywords(image, end - heapStart, longest);
  result.set(headerBytes(keywords, kept, onesComplementSum(data)), primary.length);
  return compressed;
}

type Entry = readonly [keyword: string, value: FitsValue, comment: string];

function tableKeywords(image: FitsImage, heapBytes: number, longest: number): readonly Entry[] {
  const { width, height, planes, bits } = image;
  const axes = planes === 1 ? [width, height] : [width, height, planes];
  return [
    ["XTENSION", "BINTABLE", "binary table"],
    ["BITPIX", 8, "bits per value"],
    ["NAXIS", 2, "number of axes"],
    ["NAXIS1", ROW_BYTES, "bytes of a table row"],
    ["NAXIS2", height * planes, "number of table rows"],
    ["PCOUNT", heapBytes, "bytes of the heap"],
    ["GCOUNT", 1, "one group"],
    ["TFIELDS", 1, "number of columns"],
    ["TTYPE1", "COMPRESSED_DATA", "a row of pixels"],
    ["TFORM1", `1PB(${longest})`, "bytes in the heap"],
    ["EXTNAME", "COMPRESSED_IMAGE", "name of this table"],
    ["ZIMAGE", true, "this table holds a compressed image"],
    ["ZSIMPLE", true, "the image was a primary array"],
    ["ZBITPIX", bits, "bits per value of the image"],
    ["ZNAXIS", axes.length, "number of axes of the image"],
    ...axes.map((length, i): Entry => [`ZNAXIS${i + 1}`, length, `length of its axis ${i + 1}`]),
    ["ZEXTEND", true, "extensions may have followed the image"],
    ...axes.map((length, i): Entry => [`ZTILE${i + 1}`, i === 0 ? length : 1, "a tile is a row"]),
    ["ZCMPTYPE", "RICE_1", "compression algorithm"],
    ["ZNAME1", "BLOCKSIZE", "values of a block"],
    ["ZVAL1", RICE_BLOCK, "values of a block"],
    ["ZNAME2", "BYTEPIX", "bytes of a value"],
    ["ZVAL2", bits / 8, "bytes of a value"],
  ];
}

/** A header with the checksums of its HDU, whose data add up to `dataSum`. */
function headerBytes(
  entries: readonly Entry[],
  kept: readonly string[] = [],
  dataSum = 0,
): Uint8Array {
  const checksum = (text: string) => valueCard("CHECKSUM", text, "checksum of this HDU");
  const before = [
    ...entries.map(([keyword, value, comment]) => valueCard(keyword, value, comment)),
    ...kept,
    valueCard("DATASUM", `${dataSum}`, "checksum of its data"),
  ];
  const header = (text: string) => {
    const all = [...before, checksum(text), fillCard("END")].join("");
    return Buffer.from(all.padEnd(wholeBlocks(all.length)), "latin1");
  };
  return header(checksumText(onesComplementSum(header("0".repeat(16)), dataSum)));
}
