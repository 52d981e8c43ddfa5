import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, parse } from "node:path";
import { codeOf, SerError } from "./errors.js";
import {
  FRAME_COUNT_OFFSET,
  SER_HEADER_BYTES,
  type SerDescription,
  serFrameBytes,
  serHeader,
} from "./header.js";
import { SerTimes } from "./times.js";

/** How often the header is told how many frames there are, in milliseconds of the frames' own time. */
const COUNT_PERIOD = 1_000;

/** How often what is written is brought to the disk, in the same time: this much a power failure may take. */
const SYNC_PERIOD = 5_000;

/** One frame of a recording. */
export interface SerFrame {
  readonly pixels: Uint8Array;
  /** When the camera delivered it, in milliseconds since 1970 with fractions. */
  readonly time: number;
}

/**
 * A recording in a SER file, version 3: the format of planetary imaging.
 *
 * The file is readable at any moment: its header counts the frames of a second ago at the latest, and what
 * is missing when the writer dies are the times in the trailer, which are optional. When the power fails, the
 * frames of some seconds are missing too, and the size of the file says how many there are.
 */
export class SerWriter {
  /** Where the file really is. */
  readonly path: string;
  readonly #file: FileHandle;
  readonly #frameBytes: number;
  readonly #times = new SerTimes();
  #frames = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #syncedAt: number | undefined;
  /** Nobody waits for it but the end: the system takes more frames meanwhile. */
  #syncing: Promise<unknown> | undefined;
  /** What the disk could not keep; the system tells it once. */
  #syncFailure: unknown;

  private constructor(path: string, file: FileHandle, frameBytes: number) {
    this.path = path;
    this.#file = file;
    this.#frameBytes = frameBytes;
  }

  /**
   * Creates a file, and its folders where they are missing. A file that exists is never overwritten: the
   * new one gets a number behind its name.
   *
   * @throws SerError where it cannot be written
   */
  static async create(path: string, description: SerDescription): Promise<SerWriter> {
    let file: FileHandle | undefined;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      const created = await createNew(path);
      file = created.file;
      await file.write(serHeader(description), 0, SER_HEADER_BYTES, 0);
      return new SerWriter(created.path, file, serFrameBytes(description));
    } catch (error) {
      await file?.close();
      throw new SerError(path, error);
    }
  }

  /** The frames written so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Adds frames; rejects with SerError, then the file holds those that were written whole. */
  async append(frames: readonly SerFrame[]): Promise<void> {
    const before = this.#frames;
    for (const { time } of frames) this.#times.push(time);
    const pixels = frames.map((frame) => frame.pixels);
    try {
      this.#throwSyncFailure();
      await writeAll(this.#file, pixels, this.#end, (bytes) => {
        this.#frames = before + Math.floor(bytes / this.#frameBytes);
      });
      const time = frames.at(-1)?.time ?? this.#countedAt;
      if (time - this.#countedAt >= COUNT_PERIOD) {
        await this.#writeCount();
        this.#countedAt = time;
        this.#syncNowAndThen(time);
      }
    } catch (error) {
      throw new SerError(this.path, error);
    }
  }

  /** Completes the file with the number of frames and their times, and closes it once it is on the disk. */
  async close(): Promise<void> {
    try {
      // A frame that was written in part, where the disk was full.
      await this.#file.truncate(this.#end);
      await this.#writeCount();
      await this.#writeTimes();
      await this.#syncing;
      await this.#file.sync();
      this.#throwSyncFailure();
    } catch (error) {
      throw new SerError(this.path, error);
    } finally {
      await this.#file.close();
    }
  }

  get #end(): number {
    return SER_HEADER_BYTES + this.#frames * this.#frameBytes;
  }

  #syncNowAndThen(time: number): void {
    this.#syncedAt ??= time;
    if (this.#syncing !== undefined || time - this.#syncedAt < SYNC_PERIOD) return;
    this.#syncedAt = time;
    this.#syncing = this.#file
      .datasync()
      .catch((error: unknown) => {
        this.#syncFailure = error;
      })
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  #throwSyncFailure(): void {
    if (this.#syncFailure !== undefined) throw this.#syncFailure;
  }

  async #writeCount(): Promise<void> {
    const count = Buffer.alloc(4);
    count.writeInt32LE(this.#frames);
    await this.#file.write(count, 0, 4, FRAME_COUNT_OFFSET);
  }

  async #writeTimes(): Promise<void> {
    try {
      await writeAll(this.#file, this.#times.trailer(this.#frames), this.#end);
    } catch (error) {
      // Half a trailer would be read as times that are none.
      await this.#file.truncate(this.#end);
      throw error;
    }
  }
}

async function createNew(path: string): Promise<{ path: string; file: FileHandle }> {
  const { dir, name, ext } = parse(path);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${dir}/${name}_${number}${ext}`;
    try {
      return { path: candidate, file: await open(candidate, "wx", 0o644) };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Writes all of it in order, telling after each step how many bytes are written. */
async function writeAll(
  file: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
  onWritten: (bytes: number) => void = () => {},
): Promise<void> {
  let left = [...buffers];
  let done = 0;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, position + done);
    done += bytesWritten;
    onWritten(done);
    left = withoutFirst(left, bytesWritten);
  }
}

/** What is left of the buffers without their first bytes. */
function withoutFirst(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return buffers.flatMap((buffer) => {
    const from = Math.min(skip, buffer.length);
    skip -= from;
    return from < buffer.length ? [buffer.subarray(from)] : [];
  });
}
