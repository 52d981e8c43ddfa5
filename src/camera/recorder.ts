import { SerError, type SerFrame, SerWriter } from "../ser/index.js";
import { inTime } from "./abort.js";
import type { VideoGeometry } from "./camera.js";
import type { Clock } from "./clock.js";
import { RecordingFailure } from "./errors.js";
import { PIXEL_LAYOUT } from "./pixel-format.js";
import type { BayerPattern } from "./sensor.js";

/** Frames are handed to the system in writes of about so many bytes. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** A file must be there after so many milliseconds, before the process that waits for it counts as hung. */
const OPEN_LIMIT = 5_000;

/** What still waits for the disk when a recording is stopped gets so much time, in milliseconds. */
const FLUSH_LIMIT = 5_000;

/** What to record, and where to. */
export interface RecordingPlan {
  readonly path: string;
  /** Ends by itself after so many frames, or so many seconds. */
  readonly frames?: number | undefined;
  readonly seconds?: number | undefined;
  /** The colour matrix as the recorded part of the sensor has it; absent where pixels carry none. */
  readonly bayerPattern?: BayerPattern | undefined;
  readonly observer: string;
  readonly instrument: string;
  readonly telescope: string;
}

/** How far a recording is. */
export interface RecordingProgress {
  /** Frames in the file. */
  readonly frames: number;
  /** Frames left out because the disk was too slow. */
  readonly dropped: number;
}

/** A recording that has ended. */
export interface Recording extends RecordingProgress {
  readonly path: string;
  /** From its start to its last frame. */
  readonly milliseconds: number;
}

/** A frame in memory that somebody else wants back. */
export interface LentFrame extends SerFrame {
  /** Gives the memory back. */
  release(): void;
}

/** Writes frames to a file as the disk takes them; those that come meanwhile wait in their memory. */
export class Recorder {
  /** Settles when the file is closed; rejects with RecordingFailure, or with the reason given to `stop`. */
  readonly ended: Promise<Recording>;
  readonly #writer: SerWriter;
  readonly #clock: Clock;
  readonly #plan: RecordingPlan;
  readonly #capacity: number;
  readonly #onProgress: (progress: RecordingProgress) => void;
  readonly #started: number;
  readonly #over = new AbortController();
  readonly #waiting: LentFrame[] = [];
  #accepted = 0;
  #held = 0;
  #dropped = 0;
  #lastAt: number;
  #failure: unknown;
  #wake: () => void = () => {};

  private constructor(
    writer: SerWriter,
    plan: RecordingPlan,
    clock: Clock,
    capacity: number,
    onProgress: (progress: RecordingProgress) => void,
  ) {
    this.#writer = writer;
    this.#onProgress = onProgress;
    this.#plan = plan;
    this.#clock = clock;
    this.#capacity = capacity;
    this.#started = clock.now();
    this.#lastAt = this.#started;
    this.ended = this.#run();
    if (plan.seconds !== undefined) {
      clock.sleep(plan.seconds * 1_000, this.#over.signal).then(
        () => this.stop(),
        () => undefined,
      );
    }
  }

  /** Creates the file. At most `capacity` frames are kept waiting for the disk. */
  static async start(
    plan: RecordingPlan,
    { roi, format }: VideoGeometry,
    clock: Clock,
    capacity: number,
    onProgress: (progress: RecordingProgress) => void,
  ): Promise<Recorder> {
    const { bitsPerSample: bits, planes } = PIXEL_LAYOUT[format];
    const { observer, instrument, telescope, bayerPattern } = plan;
    const late = new RecordingFailure(
      `Cannot record ${plan.path}: the disk has not answered for ${OPEN_LIMIT / 1_000} s.`,
    );
    const creating = SerWriter.create(plan.path, {
      width: roi.width,
      height: roi.height,
      bits,
      color: planes === 3 ? "BGR" : (bayerPattern ?? "mono"),
      observer,
      instrument,
      telescope,
      startedAt: clock.timeOfDay(),
    });
    try {
      const writer = await inTime(creating, OPEN_LIMIT, late);
      return new Recorder(writer, plan, clock, capacity, onProgress);
    } catch (error) {
      // Where the disk answers after all, nobody waits any more.
      creating.then((writer) => writer.close()).catch(() => undefined);
      throw asRecordingFailure(error);
    }
  }

  /** Where the file is. */
  get path(): string {
    return this.#writer.path;
  }

  /** Takes a frame for the file, and gives it back as soon as it is written or left out. */
  offer(frame: LentFrame): void {
    if (this.#over.signal.aborted) {
      frame.release();
    } else if (this.#held >= this.#capacity) {
      this.#dropped++;
      frame.release();
    } else {
      this.#held++;
      this.#accepted++;
      this.#lastAt = this.#clock.now();
      this.#waiting.push(frame);
      this.#wake();
      if (this.#accepted === this.#plan.frames) this.stop();
    }
  }

  /** Counts a frame that there was no memory for. */
  miss(): void {
    this.#dropped++;
  }

  /** Tells how far it is. */
  report(): void {
    this.#onProgress({ frames: this.#writer.frames, dropped: this.#dropped });
  }

  /** Takes no more frames; the file is closed as soon as those that wait are written. */
  stop(failure?: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#failure = failure;
    this.#over.abort();
    this.#wake();
  }

  async #run(): Promise<Recording> {
    try {
      await this.#write();
      await this.#writer.close();
    } catch (error) {
      this.stop();
      // Whatever the disk still takes: the file shall be readable.
      await this.#writer.close().catch(() => undefined);
      throw asRecordingFailure(error);
    } finally {
      this.#giveBack(this.#waiting.splice(0));
    }
    if (this.#failure !== undefined) throw this.#failure;
    const milliseconds = this.#lastAt - this.#started;
    return { path: this.path, milliseconds, frames: this.#writer.frames, dropped: this.#dropped };
  }

  async #write(): Promise<void> {
    let deadline = Number.POSITIVE_INFINITY;
    for (;;) {
      const isOver = this.#over.signal.aborted;
      if (isOver) deadline = Math.min(deadline, this.#clock.now() + FLUSH_LIMIT);
      if (this.#clock.now() > deadline) {
        this.#dropped += this.#waiting.length;
        return;
      }
      const batch = this.#nextBatch();
      if (batch.length > 0) {
        await this.#writer.append(batch).finally(() => this.#giveBack(batch));
      } else {
        if (isOver) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #nextBatch(): LentFrame[] {
    const frameBytes = this.#waiting[0]?.pixels.length ?? 1;
    return this.#waiting.splice(0, Math.max(1, Math.floor(BATCH_BYTES / frameBytes)));
  }

  #giveBack(frames: readonly LentFrame[]): void {
    this.#held -= frames.length;
    for (const frame of frames) frame.release();
  }
}

function asRecordingFailure(error: unknown): unknown {
  if (!(error instanceof SerError)) return error;
  return new RecordingFailure(`${error.message}.`, { cause: error });
}
