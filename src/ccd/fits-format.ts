import type { Picture } from "../camera/picture.js";
import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import { BLOCK_BYTES, FitsHeader, imageKeywords, wholeBlocks } from "../fits/index.js";
import { TurnedValues } from "../simd/index.js";
import type { Keywords } from "./keywords.js";
import type { PictureFormat } from "./picture-format.js";

/** The most cards of a header without the clients' own keywords. */
export const OWN_CARDS = 100;

const CARDS_PER_BLOCK = 36;

/** Bytes kept free before the pixels for a header with that many keywords of clients. */
export function fitsHeadRoom(customCards: number): number {
  return Math.ceil((OWN_CARDS + customCards) / CARDS_PER_BLOCK) * BLOCK_BYTES;
}

/**
 * A FITS file with one image, its header filled by `keywords`, so many of them from clients. Where the file `isOnlyText`
 * on its way, its 16-bit values get their order there, and pass through memory once less.
 */
export function fitsFormat(
  keywords: Keywords,
  customCards: number,
  isOnlyText: boolean,
): PictureFormat {
  const headRoom = fitsHeadRoom(customCards);
  return {
    order: isOnlyText ? "planes" : "fits",
    headRoom,
    tailRoom: BLOCK_BYTES,
    pack(frame) {
      const { memory, offset, bytes, format } = frame;
      const end = offset + wholeBlocks(bytes);
      memory.set(fitsHeader(frame, keywords).bytes(headRoom), offset - headRoom);
      memory.fill(0, offset + bytes, end);
      const file = memory.subarray(offset - headRoom, end);
      return {
        extension: ".fits",
        bytes: file,
        alteration:
          isOnlyText && format === "RAW16"
            ? new TurnedValues(headRoom, headRoom + bytes)
            : undefined,
        async compress(compressor) {
          const compressed = await compressor.run(file, { kind: "fits" });
          return { format: ".fits.fz", bytes: compressed, size: file.length };
        },
      };
    },
  };
}

/** The header of a picture's FITS file. */
export function fitsHeader(picture: Picture, keywords: Keywords): FitsHeader {
  const { planes, bitsPerSample } = PIXEL_LAYOUT[picture.format];
  const { width, height } = picture.roi;
  const header = new FitsHeader(imageKeywords({ width, height, planes, bits: bitsPerSample }));
  keywords(header, picture);
  return header;
}
