import type { Exposure, Picture } from "../camera/camera.js";
import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import type { Frame } from "../camera/process/remote-camera.js";
import { BLOCK_BYTES, FitsHeader, imageKeywords, wholeBlocks } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { CCD_TRANSFER_FORMAT, CCD1 } from "./definitions.js";
import type { Keywords } from "./keywords.js";

/** Cards of a header without the clients' own keywords, with some to spare. */
const OWN_CARDS = 64;

const CARDS_PER_BLOCK = 36;

/** As many keywords as clients may add. */
export const MOST_CUSTOM_CARDS = 500;

/** The most bytes a picture's memory keeps free before and after its pixels. */
export const ROOM = { headRoom: headRoomFor(MOST_CUSTOM_CARDS), tailRoom: BLOCK_BYTES };

/** How a picture goes to clients. */
export interface Packing {
  /** How the camera process orders the pixels. */
  readonly order: Exposure["order"];
  /** Bytes to keep free before and after the pixels. */
  readonly headRoom: number;
  readonly tailRoom: number;
  /** Sends the picture and gives its memory back afterwards; returns once it stands in every client's queue. */
  send(frame: Frame): void;
}

/** What fills a header, before and after the clients' own keywords; what comes later wins. */
export interface HeaderParts {
  readonly before: readonly Keywords[];
  readonly after: readonly Keywords[];
  onError(error: unknown): void;
}

/**
 * Sends pictures to clients as FITS files or as bare pixels.
 *
 * How is settled when the exposure begins: the header's room has to be kept in memory before the pixels
 * come, and keywords set later belong to the next picture.
 */
export function image(
  connection: Connection,
  custom: { readonly cards: number; snapshot(): Keywords },
  { before, after, onError }: HeaderParts,
): () => Packing {
  const transfer = connection.add(CCD_TRANSFER_FORMAT);
  const blob = connection.add(CCD1);

  function send(frame: Frame, format: string, bytes: Uint8Array): void {
    // The next exposure need not wait for slow clients: the frame's memory does.
    void blob.send("CCD1", { format, bytes }).catch(onError).finally(frame.release);
  }

  function asFits(): Packing {
    const headRoom = headRoomFor(custom.cards);
    const keywords = [...before, custom.snapshot(), ...after];
    return {
      order: "fits",
      headRoom,
      tailRoom: BLOCK_BYTES,
      send(frame) {
        const { memory, offset, bytes } = frame;
        const end = offset + wholeBlocks(bytes);
        try {
          memory.set(fitsHeader(frame, keywords).bytes(headRoom), offset - headRoom);
        } catch (error) {
          frame.release();
          throw error;
        }
        memory.fill(0, offset + bytes, end);
        send(frame, ".fits", memory.subarray(offset - headRoom, end));
      },
    };
  }

  function asNative(): Packing {
    return {
      order: "camera",
      headRoom: 0,
      tailRoom: 0,
      send: (frame) => send(frame, ".bin", frame.memory.subarray(0, frame.bytes)),
    };
  }

  return () => (transfer.selected === "FORMAT_NATIVE" ? asNative() : asFits());
}

function headRoomFor(customCards: number): number {
  return Math.ceil((OWN_CARDS + customCards) / CARDS_PER_BLOCK) * BLOCK_BYTES;
}

function fitsHeader(picture: Picture, keywords: readonly Keywords[]): FitsHeader {
  const { planes, bitsPerSample } = PIXEL_LAYOUT[picture.format];
  const { width, height } = picture.roi;
  const header = new FitsHeader(imageKeywords({ width, height, planes, bits: bitsPerSample }));
  for (const add of keywords) add(header, picture);
  return header;
}
