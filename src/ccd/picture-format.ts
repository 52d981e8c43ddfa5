import type { PixelOrder } from "../camera/picture.js";
import type { Frame } from "../camera/process/remote-pictures.js";
import type { Compressor } from "../compression/compressor.js";
import type { Alteration } from "../indi/text-memory.js";
import type { BlobContent } from "../indi/vector.js";
import type { PictureFile } from "./files/picture-file.js";

/** One way of making a file of a picture; what goes into it besides pixels is settled when the exposure begins. */
export interface PictureFormat {
  /** How the camera process orders the pixels. */
  readonly order: PixelOrder;
  /** Bytes to keep free before and after the pixels. */
  readonly headRoom: number;
  readonly tailRoom: number;
  /** Makes the file of a picture, in the picture's own memory. */
  pack(frame: Frame): PackedPicture;
}

/** The file of a picture. */
export interface PackedPicture extends PictureFile {
  /** What its bytes still lack of being the file, where that is added on the way to clients. */
  readonly alteration?: Alteration | undefined;
  /** Makes a smaller one for clients, in memory of its own. */
  compress(compressor: Compressor): Promise<BlobContent>;
}

/** Bare pixels as the camera sends them. */
export const nativeFormat: PictureFormat = {
  order: "camera",
  headRoom: 0,
  tailRoom: 0,
  pack(frame) {
    const bytes = frame.memory.subarray(0, frame.bytes);
    return {
      extension: ".bin",
      bytes,
      async compress(compressor) {
        const stream = await compressor.run(bytes, { kind: "zlib", itemSize: 1, headRoom: 0 });
        return { format: ".bin.z", bytes: stream, size: bytes.length };
      },
    };
  },
};
