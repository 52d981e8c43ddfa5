import { closeSync } from "node:fs";
import type { Frame } from "../camera/process/remote-pictures.js";
import { Compressor } from "../compression/compressor.js";
import { BLOCK_BYTES } from "../fits/index.js";
import type { BlobVector } from "../indi/blob-vector.js";
import type { Connection } from "../indi/connection.js";
import type { BlobContent, SharedBytes } from "../indi/vector.js";
import { CCD_COMPRESSION, CCD_TRANSFER_FORMAT, CCD1 } from "./definitions.js";
import type { PlacedFile } from "./files/messages.js";
import { fitsFormat, fitsHeadRoom } from "./fits-format.js";
import type { KeywordSource, Keywords } from "./keywords.js";
import { nativeFormat, type PackedPicture, type PictureFormat } from "./picture-format.js";
import type { Upload } from "./upload.js";
import { xisfFormat, xisfHeadRoom } from "./xisf-format.js";

/** As many keywords as clients may add. */
export const MOST_CUSTOM_CARDS = 500;

/** The most bytes a picture's memory keeps free before and after its pixels. */
export const ROOM = {
  headRoom: Math.max(fitsHeadRoom(MOST_CUSTOM_CARDS), xisfHeadRoom(MOST_CUSTOM_CARDS)),
  tailRoom: BLOCK_BYTES,
};

/** How a picture is taken and where it goes. */
export interface Delivery extends Pick<PictureFormat, "order" | "headRoom" | "tailRoom"> {
  /**
   * Sends and saves the picture and gives its memory back when all is done. Settles once it stands in every
   * client's queue and on disk; rejects with FileFailure where only the disk did not take it, and then sends clients
   * what was for the disk only.
   */
  deliver(frame: Frame, signal: AbortSignal): Promise<void>;
}

/** What a picture's file is made with. */
export interface ImageParts {
  /** What fills the header, before and after the clients' own keywords; what comes later wins. */
  readonly before: readonly KeywordSource[];
  readonly after: readonly KeywordSource[];
  readonly custom: { readonly cards: number; snapshot(): Keywords };
  readonly upload: () => Upload;
  /** Name and version of this program. */
  readonly software: string;
  /** Lets a running video follow what clients want of compression. */
  followCompression(): Promise<void>;
  onError(error: unknown): void;
  /** Calls this when the next picture waits for the memory of those on their way. */
  onCrowded(listener: () => void): void;
}

/** The way of pictures to clients. */
export interface Image {
  readonly blob: BlobVector<"CCD1">;
  /** Settles how the picture that is about to be taken is delivered. */
  delivery(): Delivery;
  /** Whether clients want what they get to be compressed. */
  isCompressing(): boolean;
}

/**
 * Delivers pictures as FITS files, XISF files or bare pixels.
 *
 * How is settled when the exposure begins: the header's room has to be kept in memory before the pixels
 * come, and keywords set later belong to the next picture. Live frames go through the same BLOB.
 */
export function image(
  connection: Connection,
  { before, after, custom, upload, software, followCompression, onError, onCrowded }: ImageParts,
): Image {
  const transfer = connection.add(CCD_TRANSFER_FORMAT);
  const compression = connection.add(CCD_COMPRESSION);
  const blob = connection.add(CCD1);
  let isWantedCompressed = compression.selected === "INDI_ENABLED";
  compression.onNew(({ INDI_ENABLED }) => {
    isWantedCompressed = INDI_ENABLED;
    return followCompression();
  });
  /** The pictures on their way to clients; each can be recalled. */
  const onTheirWay = new Set<AbortController>();
  onCrowded(() => {
    for (const one of onTheirWay) one.abort();
  });
  const compressor = new Compressor();
  connection.onClose(() => compressor.close());

  function keywords(): Keywords {
    const parts = [...before, () => custom.snapshot(), ...after].map((source) => source());
    return (header, picture) => {
      for (const add of parts) add(header, picture);
    };
  }

  const formats = {
    FORMAT_FITS: (isOnlyText: boolean) => fitsFormat(keywords(), custom.cards, isOnlyText),
    FORMAT_NATIVE: () => nativeFormat,
    FORMAT_XISF: () => xisfFormat(keywords(), custom.cards, software),
  };

  async function send(content: BlobContent): Promise<void> {
    const recall = new AbortController();
    onTheirWay.add(recall);
    try {
      await blob.send("CCD1", { ...content, recall: recall.signal });
    } catch (error) {
      onError(error);
    } finally {
      onTheirWay.delete(recall);
    }
  }

  function delivery(): Delivery {
    const { isForClients, isForDisk, save } = upload();
    const isCompressed = isWantedCompressed;
    // Whoever reads the memory itself needs the file there as it is.
    const isOnlyText = isForClients && !isForDisk && !isCompressed && !blob.isHandedOver;
    const format = formats[transfer.selected](isOnlyText);
    return {
      ...format,
      async deliver(frame, signal) {
        const uses: Promise<unknown>[] = [];
        try {
          const file = format.pack(frame);
          const give = async () => {
            const content = isCompressed
              ? await file.compress(compressor)
              : {
                  format: file.extension,
                  bytes: file.bytes,
                  alteration: file.alteration,
                  share: () => shared(file, frame),
                };
            signal.throwIfAborted();
            // The next exposure need not wait for slow clients: the frame's memory does.
            uses.push(send(content));
          };
          if (isForClients) await give();
          const saving = save(placed(file, frame), signal);
          uses.push(saving);
          try {
            await saving;
          } catch (error) {
            signal.throwIfAborted();
            // No picture is lost while there is somebody to take it.
            if (!isForClients) await give();
            throw error;
          }
        } finally {
          void Promise.allSettled(uses).then(frame.release);
        }
      },
    };
  }

  return { blob, delivery, isCompressing: () => isWantedCompressed };
}

/** Where the process for files finds it. */
function placed({ extension, bytes }: PackedPicture, { memory, descriptor }: Frame): PlacedFile {
  const offset = bytes.byteOffset - memory.byteOffset;
  return { extension, memory: descriptor, offset, length: bytes.length };
}

/** The frame's memory for clients on this machine, where the file begins with it: they map it from its start. */
function shared({ bytes, alteration }: PackedPicture, frame: Frame): SharedBytes | undefined {
  if (alteration !== undefined || bytes.byteOffset !== frame.memory.byteOffset) return undefined;
  const descriptor = frame.share();
  if (descriptor === undefined) return undefined;
  return { descriptor, close: () => closeSync(descriptor) };
}
