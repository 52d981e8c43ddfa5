import type { Exposure } from "../camera/camera.js";
import type { Frame } from "../camera/process/remote-camera.js";
import type { PictureFile } from "./picture-file.js";

/** One way of making a file of a picture; what goes into it besides pixels is settled when the exposure begins. */
export interface PictureFormat {
  /** How the camera process orders the pixels. */
  readonly order: Exposure["order"];
  /** Bytes to keep free before and after the pixels. */
  readonly headRoom: number;
  readonly tailRoom: number;
  /** The file of a picture, in the picture's own memory. */
  pack(frame: Frame): PictureFile;
}

/** Bare pixels as the camera sends them. */
export const nativeFormat: PictureFormat = {
  order: "camera",
  headRoom: 0,
  tailRoom: 0,
  pack: ({ memory, bytes }) => ({ extension: ".bin", bytes: memory.subarray(0, bytes) }),
};
