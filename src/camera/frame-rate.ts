/** The time over which the average goes, in milliseconds. */
const AVERAGE_WINDOW = 1_000;

/** Frames a second, of the moment and on average. */
export interface FrameRate {
  /** Since the last look. */
  readonly instant: number;
  /** Over the last second, or as long as there have been frames. */
  readonly average: number;
}

/** How many frames there had been, and when the last of them came. */
interface Look {
  readonly frames: number;
  readonly lastFrame: number;
}

/** Counts frames and says how fast they come, measured from frame to frame. */
export class FrameRateMeter {
  readonly #looks: Look[] = [];
  #now: Look;
  #rate: FrameRate = { instant: 0, average: 0 };

  /** @param start when the first frame begins, in milliseconds of the clock by which frames are counted */
  constructor(start: number) {
    this.#now = { frames: 0, lastFrame: start };
    this.#looks.push(this.#now);
  }

  /** The frames so far. */
  get frames(): number {
    return this.#now.frames;
  }

  /** Counts a frame that came at that time. */
  count(time: number): void {
    this.#now = { frames: this.#now.frames + 1, lastFrame: time };
  }

  /** The rate at this moment, in frames a second. */
  rate(now: number): FrameRate {
    const last = this.#looks.at(-1);
    if (last !== undefined && this.#now.frames > last.frames) {
      const old = this.#looks.findLastIndex(({ lastFrame }) => now - lastFrame >= AVERAGE_WINDOW);
      if (old > 0) this.#looks.splice(0, old);
      this.#rate = { instant: this.#since(last), average: this.#since(this.#looks[0] ?? last) };
      this.#looks.push(this.#now);
    }
    // While none comes, it can be no faster than one frame in that time.
    const most = 1_000 / Math.max(now - this.#now.lastFrame, 1e-3);
    const { instant, average } = this.#rate;
    return { instant: Math.min(instant, most), average: Math.min(average, most) };
  }

  #since({ frames, lastFrame }: Look): number {
    return ((this.#now.frames - frames) * 1_000) / Math.max(this.#now.lastFrame - lastFrame, 1e-3);
  }
}
