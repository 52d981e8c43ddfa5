import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { createLogger, format, type Logger, transports } from "winston";
import type { MessageFile } from "./indi/debugging.js";
import type { MessageLevel } from "./indi/types.js";

/** The longest wait for the last lines, in milliseconds. */
const CLOSE_LIMIT = 1_000;

/** The most that waits for a disk, in bytes: minutes of all that cameras have to tell. */
const MOST_WAITING = 1_000_000;

/** The file while it is written: its lines wait for the disk, not the program for them. */
interface OpenLog {
  readonly logger: Logger;
  readonly lines: PassThrough;
  readonly saved: Promise<void>;
}

/** The file in which INDI drivers keep what their devices tell; made when the first line is written. */
export class SessionLog implements MessageFile {
  readonly path: string;
  readonly #startedAt: number;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #open: OpenLog | undefined;
  #isBroken = false;

  /**
   * `directory`: the drivers' own, such as `~/.indi`; the file lies under `logs/DATE/EXECUTABLE` there, by date
   * and time (UTC) of `now`, in milliseconds. An error is told once; what is written after it is lost.
   */
  constructor(
    directory: string,
    executable: string,
    onError: (error: unknown) => void,
    now: () => number = Date.now,
  ) {
    this.#now = now;
    this.#onError = onError;
    this.#startedAt = now();
    const [date = "", time = ""] = new Date(this.#startedAt).toISOString().split(/[T.]/);
    this.path = join(directory, "logs", date, executable, `${executable}_${time}.log`);
  }

  write(device: string, level: MessageLevel, text: string): void {
    if (this.#isBroken) return;
    this.#open ??= this.#begin();
    const { logger, lines } = this.#open;
    if (lines.writableLength > MOST_WAITING) {
      this.#break(new Error(`${this.path}: the disk does not answer`));
      return;
    }
    const seconds = ((this.#now() - this.#startedAt) / 1000).toFixed(6);
    logger.info(`${level.toUpperCase()}\t${seconds} sec\t: [${device}] ${text}`);
  }

  /** Settles when all that was written is in the file, or its disk has taken too long. */
  async close(): Promise<void> {
    if (this.#isBroken || this.#open === undefined) return;
    const { logger, lines, saved } = this.#open;
    const finished = once(logger, "finish");
    logger.end();
    await finished;
    lines.end();
    await Promise.race([saved, delay(CLOSE_LIMIT, undefined, { ref: false })]);
  }

  #begin(): OpenLog {
    const lines = new PassThrough();
    const logger = createLogger({
      format: format.printf(({ message }) => `${message}`),
      transports: [new transports.Stream({ stream: lines })],
    });
    const saved = this.#save(lines).catch((error) => this.#break(error));
    return { logger, lines, saved };
  }

  async #save(lines: PassThrough): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await pipeline(lines, createWriteStream(this.path, { flags: "a" }));
  }

  #break(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#open?.lines.destroy();
    this.#onError(error);
  }
}
