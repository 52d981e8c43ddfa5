import { propertyOf, stringProperty, valueProperty, type XisfKeyword } from "./properties.js";
import { escapeXml } from "./xml.js";

/** A picture of unsigned little-endian values, rows from the top, planes one after the other. */
export interface XisfImage {
  readonly width: number;
  readonly height: number;
  /** 3 for red, green and blue. */
  readonly planes: 1 | 3;
  readonly bits: 8 | 16;
  /** Repeated in the file; those with a standard property are told as such too. */
  readonly keywords: readonly XisfKeyword[];
}

/** The picture's values as they stand in the file. */
export interface XisfBlock {
  readonly bytes: number;
  /** They are a zlib stream of their bytes, sorted by their place in the value. */
  readonly isCompressed: boolean;
}

/** Who writes the file, and when. */
export interface XisfCreation {
  readonly application: string;
  readonly time: Date;
}

const SIGNATURE = "XISF0100";
/** Signature, length of the XML, four reserved bytes. */
const PREFIX_BYTES = 16;

/** The most bytes of a header with so many keywords; each has at most the 80 characters of a FITS card. */
export function xisfHeaderBound(keywords: number): number {
  return 4096 + keywords * 1024;
}

/** The first part of a monolithic XISF file (XISF 1.0, section 9.2); the picture's values follow at once. */
export function xisfHeader(
  image: XisfImage,
  block: XisfBlock,
  creation: XisfCreation,
): Uint8Array<ArrayBuffer> {
  // The text names its own length: the number of its digits settles at the second try.
  let text = "";
  for (let length = -1; length !== Buffer.byteLength(text); ) {
    length = Buffer.byteLength(text);
    text = document(image, block, creation, PREFIX_BYTES + length);
  }
  const length = Buffer.byteLength(text);
  const header = Buffer.alloc(PREFIX_BYTES + length);
  header.write(SIGNATURE, "latin1");
  header.writeUInt32LE(length, SIGNATURE.length);
  header.write(text, PREFIX_BYTES);
  return header;
}

function document(
  { width, height, planes, bits, keywords }: XisfImage,
  { bytes, isCompressed }: XisfBlock,
  { application, time }: XisfCreation,
  position: number,
): string {
  const uncompressed = width * height * planes * (bits / 8);
  const attributes = {
    geometry: `${width}:${height}:${planes}`,
    sampleFormat: `UInt${bits}`,
    colorSpace: planes === 3 ? "RGB" : "Gray",
    ...imageType(keywords),
    location: `attachment:${position}:${bytes}`,
    ...(isCompressed && { compression: codec(uncompressed, bits) }),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<xisf version="1.0" xmlns="http://www.pixinsight.com/xisf"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    ' xsi:schemaLocation="http://www.pixinsight.com/xisf http://pixinsight.com/xisf/xisf-1.0.xsd">',
    element("Image", attributes, [
      ...keywords.map(fitsKeyword),
      ...keywords.map(propertyOf),
      filterArray(keywords),
    ]),
    element("Metadata", {}, [
      valueProperty("XISF:CreationTime", "TimePoint", time.toISOString()),
      stringProperty("XISF:CreatorApplication", application),
    ]),
    "</xisf>",
  ].join("");
}

function codec(uncompressed: number, bits: 8 | 16): string {
  return bits === 16 ? `zlib+sh:${uncompressed}:2` : `zlib:${uncompressed}`;
}

function fitsKeyword({ keyword, text, comment }: XisfKeyword): string {
  return element("FITSKeyword", { name: keyword, value: text, comment }, []);
}

function imageType(keywords: readonly XisfKeyword[]): { imageType?: string } {
  const frame = keywords.find(({ keyword }) => keyword === "FRAME")?.value;
  return frame === undefined ? {} : { imageType: `${frame}` };
}

/** The Bayer matrix, told by the keyword BAYERPAT. */
function filterArray(keywords: readonly XisfKeyword[]): string {
  const pattern = keywords.find(({ keyword }) => keyword === "BAYERPAT")?.value;
  if (pattern === undefined) return "";
  return element("ColorFilterArray", { pattern: `${pattern}`, width: "2", height: "2" }, []);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const content = children.join("");
  const opening = `<${name}${written.join("")}`;
  return content === "" ? `${opening}/>` : `${opening}>${content}</${name}>`;
}
