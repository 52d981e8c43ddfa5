import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createLogger, format, type Logger, transports } from "winston";
import type { MessageFile } from "./indi/debugging.js";
import type { MessageLevel } from "./indi/types.js";

/** The longest wait for the last lines, in milliseconds. */
const CLOSE_LIMIT = 1_000;

/** The file in which INDI drivers keep what their devices tell; made when the first line is written. */
export class SessionLog implements MessageFile {
  readonly path: string;
  readonly #startedAt: number;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #file: InstanceType<typeof transports.File> | undefined;
  #logger: Logger | undefined;
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
    try {
      this.#logger ??= this.#open();
    } catch (error) {
      this.#break(error);
      return;
    }
    const seconds = ((this.#now() - this.#startedAt) / 1000).toFixed(6);
    this.#logger.info(`${level.toUpperCase()}\t${seconds} sec\t: [${device}] ${text}`);
  }

  /** Settles when all that was written is in the file, or a full disk has taken too long. */
  async close(): Promise<void> {
    if (this.#isBroken || this.#file === undefined) return;
    const finished = once(this.#file, "finish");
    this.#logger?.end();
    await Promise.race([finished, delay(CLOSE_LIMIT, undefined, { ref: false })]);
  }

  #open(): Logger {
    // The transport keeps it to itself when it cannot open its file.
    mkdirSync(dirname(this.path), { recursive: true });
    closeSync(openSync(this.path, "a"));
    this.#file = new transports.File({ filename: this.path });
    const logger = createLogger({
      format: format.printf(({ message }) => `${message}`),
      transports: [this.#file],
    });
    logger.on("error", (error) => this.#break(error));
    return logger;
  }

  #break(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#onError(error);
  }
}
