import { closeSync } from "node:fs";
import { createMemory, mapMemory, releaseMemory, unmapMemory } from "../../posix/index.js";
import { CameraFailure } from "../errors.js";
import { FrameRing, type RingLayout, ringBytes } from "./frame-ring.js";
import type { PreviewNews, VideoSettings } from "./messages.js";

/** A live frame in memory shared with the camera process. */
export interface VideoPreview {
  readonly pixels: Uint8Array;
  /** Bytes after inflating; the same where it is not deflated. */
  readonly size: number;
  readonly encoding: NonNullable<VideoSettings["preview"]>["encoding"];
  /** When the camera delivered the frame, in milliseconds since 1970. */
  readonly time: number;
  /** Gives the memory back; it must not be touched afterwards. */
  release(): void;
}

/**
 * The daemon's end of the memory of one video: made by it, sized and filled by the camera process. After the video has
 * ended, frames that slow clients still get keep their own memory and no more.
 */
export class VideoMemory {
  /** The camera process opens it under this number, as long as it is not closed. */
  readonly fd = createMemory("indi-asid video", 0);
  #memory: Uint8Array | undefined;
  #ring: FrameRing | undefined;
  #cellBytes = 0;
  #lent = 0;
  #isClosed = false;
  #budgeted: number;
  readonly #giveBack: (bytes: number) => void;

  /** @param budgeted the bytes that `giveBack` is told of, once and in parts, when they are not needed any more */
  constructor(budgeted: number, giveBack: (bytes: number) => void) {
    this.#budgeted = budgeted;
    this.#giveBack = giveBack;
  }

  /** Maps the memory when the camera process has given it its size. */
  open(layout: RingLayout): void {
    this.#memory = mapMemory(this.fd, ringBytes(layout));
    this.#ring = new FrameRing(this.#memory, layout);
    this.#cellBytes = layout.cellBytes;
  }

  /** The preview in a cell that the camera process has told of. */
  preview({ cell, preview, encoding, time }: PreviewNews): VideoPreview {
    const ring = this.#ring;
    if (ring === undefined) throw new CameraFailure("A frame came before the video.");
    this.#lent++;
    return {
      pixels: ring.memory(cell).subarray(0, preview.bytes),
      size: preview.size,
      encoding,
      time,
      release: () => {
        ring.letGo(cell, "daemon");
        this.#lent--;
        if (this.#isClosed) this.#giveUp();
      },
    };
  }

  /** Gives the memory back, that of each lent preview when it is. */
  close(): void {
    this.#isClosed = true;
    this.#giveUp();
  }

  #giveUp(): void {
    if (this.#lent === 0) {
      closeSync(this.fd);
      if (this.#memory !== undefined) unmapMemory(this.#memory);
    } else {
      for (const [from, to] of this.#ring?.stretchesWithout("daemon") ?? []) {
        releaseMemory(this.fd, from, to - from);
      }
    }
    const needed = Math.min(this.#lent * this.#cellBytes, this.#budgeted);
    this.#giveBack(this.#budgeted - needed);
    this.#budgeted = needed;
  }
}
