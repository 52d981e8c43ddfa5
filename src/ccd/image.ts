import type { Frame } from "../camera/process/remote-camera.js";
import { BLOCK_BYTES } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { CCD_TRANSFER_FORMAT, CCD1 } from "./definitions.js";
import { fitsFormat, fitsHeadRoom } from "./fits-format.js";
import type { Keywords } from "./keywords.js";
import { nativeFormat, type PictureFormat } from "./picture-format.js";
import type { Upload } from "./upload.js";

/** As many keywords as clients may add. */
export const MOST_CUSTOM_CARDS = 500;

/** The most bytes a picture's memory keeps free before and after its pixels. */
export const ROOM = { headRoom: fitsHeadRoom(MOST_CUSTOM_CARDS), tailRoom: BLOCK_BYTES };

/** How a picture is taken and where it goes. */
export interface Delivery extends Pick<PictureFormat, "order" | "headRoom" | "tailRoom"> {
  /**
   * Sends and saves the picture and gives its memory back when all is done. Settles once it stands in every
   * client's queue and on disk; rejects with FileFailure where only the disk did not take it.
   */
  deliver(frame: Frame, signal: AbortSignal): Promise<void>;
}

/** What fills a header, before and after the clients' own keywords; what comes later wins. */
export interface HeaderParts {
  readonly before: readonly Keywords[];
  readonly after: readonly Keywords[];
  onError(error: unknown): void;
}

/**
 * Delivers pictures as FITS files, or as bare pixels.
 *
 * How is settled when the exposure begins: the header's room has to be kept in memory before the pixels
 * come, and keywords set later belong to the next picture.
 */
export function image(
  connection: Connection,
  custom: { readonly size: number; snapshot(): Keywords },
  upload: () => Upload,
  { before, after, onError }: HeaderParts,
): () => Delivery {
  const transfer = connection.add(CCD_TRANSFER_FORMAT);
  const blob = connection.add(CCD1);

  const formats = {
    FORMAT_FITS: () => {
      const parts = [...before, custom.snapshot(), ...after];
      const keywords: Keywords = (header, picture) => {
        for (const add of parts) add(header, picture);
      };
      return fitsFormat(keywords, fitsHeadRoom(custom.size));
    },
    FORMAT_NATIVE: () => nativeFormat,
  };

  return () => {
    const format = formats[transfer.selected]();
    const { isForClients, save } = upload();
    return {
      ...format,
      async deliver(frame, signal) {
        const uses: Promise<unknown>[] = [];
        try {
          const file = format.pack(frame);
          if (isForClients) {
            const { extension, bytes } = file;
            // The next exposure need not wait for slow clients: the frame's memory does.
            uses.push(blob.send("CCD1", { format: extension, bytes }).catch(onError));
          }
          const saving = save(file, signal);
          uses.push(saving);
          await saving;
        } finally {
          void Promise.allSettled(uses).then(frame.release);
        }
      },
    };
  };
}
