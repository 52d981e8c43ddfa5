import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import { type XisfImage, xisfHeader, xisfHeaderBound } from "../xisf/index.js";
import { fitsHeader, OWN_CARDS } from "./fits-format.js";
import type { Keywords } from "./keywords.js";
import type { PictureFormat } from "./picture-format.js";

/** Bytes kept free before the pixels for a header with that many keywords of clients. */
export function xisfHeadRoom(customCards: number): number {
  return xisfHeaderBound(OWN_CARDS + customCards);
}

/** An XISF file with one image that repeats the keywords of a FITS header; `application` writes it. */
export function xisfFormat(
  keywords: Keywords,
  customCards: number,
  application: string,
): PictureFormat {
  const headRoom = xisfHeadRoom(customCards);
  return {
    order: "planes",
    headRoom,
    tailRoom: 0,
    pack(frame) {
      const { memory, offset, bytes, format, roi } = frame;
      const { planes, bitsPerSample: bits } = PIXEL_LAYOUT[format];
      const { width, height } = roi;
      const written = fitsHeader(frame, keywords).keywords;
      const image: XisfImage = { width, height, planes, bits, keywords: written };
      const creation = { application, time: new Date() };

      /** Puts the header right before the values; returns the file from its first byte on. */
      function withHeader(space: Uint8Array, end: number, isCompressed: boolean): Uint8Array {
        const header = xisfHeader(image, { bytes: end - offset, isCompressed }, creation);
        space.set(header, offset - header.length);
        return space.subarray(offset - header.length, end);
      }

      return {
        extension: ".xisf",
        bytes: withHeader(memory, offset + bytes, false),
        async compress(compressor) {
          const pixels = memory.subarray(offset, offset + bytes);
          const job = { kind: "zlib", itemSize: bits / 8, headRoom: offset } as const;
          const space = await compressor.run(pixels, job);
          return { format: ".xisf", bytes: withHeader(space, space.length, true) };
        },
      };
    },
  };
}
