import type { VideoGeometry } from "../camera.js";
import type { Clock } from "../clock.js";
import { RateLimit } from "../pace.js";
import { frameBytes } from "../pixel-format.js";
import { isItsOwnPreview, type Preview, PreviewMaker } from "../preview.js";
import type { FrameRing } from "./frame-ring.js";
import type { PreviewNews, PreviewWish } from "./messages.js";

/**
 * Previews the daemon may hold: a few clients, each with one on its way and some, mostly the same ones, waiting. Of small
 * ones more, in so many bytes and that part of the ring, so that none is lost when the daemon has to wait for its turn.
 */
const MANY_OFFERED = 24;
const OFFERED_BYTES = 32e6;
const OFFERED_PART = 1 / 4;

/** What a line of previews needs of its surroundings. */
export interface PreviewLineOptions {
  readonly ring: FrameRing;
  readonly geometry: VideoGeometry;
  readonly clock: Clock;
  /** Tells the daemon, which then holds the cell. */
  offer(news: PreviewNews): void;
  /** A preview could not be made. */
  onFailure(error: unknown): void;
}

/** Picks frames of a video to be shown, converts them where they must be, and offers them to the daemon. */
export class PreviewLine {
  readonly #options: PreviewLineOptions;
  readonly #limit = new RateLimit();
  readonly #maker = new PreviewMaker();
  readonly #mostOffered: number;
  #offered: number[] = [];
  #making: Promise<void> | undefined;

  constructor(options: PreviewLineOptions) {
    this.#options = options;
    const { ring, geometry } = options;
    const many = Math.min(OFFERED_BYTES / geometry.bytes, OFFERED_PART * ring.cells);
    this.#mostOffered = Math.max(MANY_OFFERED, many);
  }

  /** Says whether the frame of this moment is to be shown: the limit lets it, and there is somebody free for it. */
  admits({ framesPerSecond }: PreviewWish): boolean {
    const { ring, clock } = this.#options;
    this.#offered = this.#offered.filter((cell) => ring.isHeld(cell, "daemon"));
    const isFree = this.#making === undefined && this.#offered.length < this.#mostOffered;
    return isFree && this.#limit.admits(clock.now(), framesPerSecond);
  }

  /** Shows the frame in a cell, which came at that time of day. */
  show(cell: number, wish: PreviewWish, time: number): void {
    const { format } = this.#options.geometry;
    if (isItsOwnPreview(format, wish)) {
      const bytes = this.#pixels(cell).length;
      this.#offer(cell, { bytes, size: bytes }, wish, time);
    } else {
      this.#making = this.#make(cell, wish, time)
        .catch((error) => this.#options.onFailure(error))
        .finally(() => {
          this.#making = undefined;
        });
    }
  }

  /** Settles when no memory of the ring is touched any more. */
  async settled(): Promise<void> {
    await this.#making;
  }

  async #make(source: number, wish: PreviewWish, time: number): Promise<void> {
    const { ring, geometry } = this.#options;
    const target = ring.take("preview");
    if (target === undefined) return;
    ring.hold(source, "preview");
    let scratch: number | undefined;
    try {
      const preview = await this.#maker.make(
        { pixels: this.#pixels(source), format: geometry.format, ...sizeOf(geometry) },
        wish,
        ring.memory(target),
        () => {
          scratch = ring.take("preview");
          return scratch === undefined ? new Uint8Array(geometry.bytes) : ring.memory(scratch);
        },
      );
      if (preview !== undefined) this.#offer(target, preview, wish, time);
    } finally {
      for (const cell of [source, target, scratch]) {
        if (cell !== undefined) ring.letGo(cell, "preview");
      }
    }
  }

  #offer(cell: number, preview: Preview, { encoding }: PreviewWish, time: number): void {
    this.#options.ring.hold(cell, "daemon");
    this.#offered.push(cell);
    this.#options.offer({ kind: "preview", cell, preview, encoding, time });
  }

  #pixels(cell: number): Uint8Array {
    const { ring, geometry } = this.#options;
    return ring.memory(cell).subarray(0, frameBytes(sizeOf(geometry), geometry.format));
  }
}

function sizeOf({ roi: { width, height } }: VideoGeometry) {
  return { width, height };
}
