import { ProcessFailure } from "../../camera/errors.js";
import { Child } from "../../camera/process/child.js";
import { Refused } from "../../indi/errors.js";
import type { FileRoots } from "./file-roots.js";
import type { FileRequests, PlacedFile, Verdict } from "./messages.js";
import { FileFailure, type FilePattern, nameOf } from "./picture-file.js";

/** How long a disk may take in milliseconds: to find a folder, ... */
const LOOK_MS = 10_000;
/** ... to write a file, which may have to wake it up, ... */
const SAVE_MS = 30_000;
/** ... and for each megabyte on top, which old memory cards and networks write in a quarter of that. */
const MEGABYTE_MS = 1_000;

/** After this long without use the process ends, in milliseconds. */
const IDLE_MS = 60_000;

/** Timers may be that early, in milliseconds. */
const EARLY_MS = 1;

/** Processes that are stuck in the system, which cannot be ended, before no more are started. */
const MOST_STUCK = 3;

/** How files are worked with; tests have less patience, and processes of their own. */
export interface FilesOptions {
  /** The compiled entry of the process. */
  readonly entry?: URL;
  /** Milliseconds for finding a folder, and for writing so many bytes. */
  readonly lookMs?: number;
  saveMs?(bytes: number): number;
}

/**
 * The files of one camera's clients, worked with in a process of its own.
 *
 * A disk that does not answer, as on a network, holds whoever asked it for ever. A process can be ended, and costs nobody
 * else time; a thread of the daemon could not, and there are few. It runs from the first use on and ends when it has
 * nothing to do.
 */
export class Files {
  readonly #roots: FileRoots;
  readonly #options: Required<FilesOptions>;
  readonly #running = new Set<Child<FileRequests>>();
  #child: Child<FileRequests> | undefined;
  #requests = 0;
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(roots: FileRoots, options: FilesOptions = {}) {
    this.#roots = roots;
    this.#options = {
      entry: new URL("./files-main.js", import.meta.url),
      lookMs: LOOK_MS,
      saveMs: (bytes) => SAVE_MS + (bytes / 1e6) * MEGABYTE_MS,
      ...options,
    };
  }

  /** Where files go of which nobody has said where. */
  get home(): string {
    return this.#roots.home;
  }

  /** As FileRoots.admit(); rejects with FileFailure where the disk does not answer. */
  admit(path: string): Promise<string> {
    const { lookMs } = this.#options;
    return this.#ask(
      "admit",
      { roots: this.#roots.folders, path },
      lookMs,
      `Cannot look at ${path}`,
    );
  }

  /**
   * Saves a picture under the next free name of a pattern and returns its path, as saveFile() does; rejects with
   * FileFailure where the disk does not answer. Its memory is the caller's again in any case.
   */
  save(pattern: FilePattern, file: PlacedFile, signal?: AbortSignal): Promise<string> {
    const deadline = this.#options.saveMs(file.length);
    const order = { roots: this.#roots.folders, pattern, file };
    return this.#ask("save", order, deadline, `Cannot save ${nameOf(pattern, file)}`, signal);
  }

  /** Ends the process; settles when it is gone, or stuck. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = undefined;
    child?.kill("it is no longer needed");
    await child?.gone;
  }

  async #ask<Name extends keyof FileRequests>(
    name: Name,
    args: FileRequests[Name]["args"],
    deadline: number,
    failure: string,
    signal?: AbortSignal,
  ): Promise<string> {
    clearTimeout(this.#idleTimer);
    this.#requests++;
    try {
      for (let attempt = 1; ; attempt++) {
        const began = performance.now();
        try {
          const child = this.#started(failure);
          return resultOf(await child.request(name, args, { deadline, signal }));
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof ProcessFailure)) throw error;
          const isLate = performance.now() - began >= deadline - EARLY_MS;
          // One that was brought down by something else has a successor.
          if (!isLate && attempt === 1) continue;
          const seconds = Math.round(deadline / 1000);
          const why = isLate ? `the disk has not answered for ${seconds} s` : error.message;
          throw new FileFailure(`${failure}: ${why}.`, { cause: error });
        }
      }
    } finally {
      this.#requests--;
      if (this.#requests === 0) this.#idleTimer = setTimeout(() => this.#rest(), IDLE_MS).unref();
    }
  }

  #started(failure: string): Child<FileRequests> {
    if (this.#child !== undefined) return this.#child;
    if (this.#isClosed) throw new FileFailure(`${failure}: the camera is disconnected.`);
    if (this.#running.size >= MOST_STUCK) {
      throw new FileFailure(
        `${failure}: disks that do not answer hold ${this.#running.size} processes.`,
      );
    }
    const child = new Child<FileRequests>({
      entry: this.#options.entry,
      args: [],
      env: process.env,
    });
    this.#child = child;
    this.#running.add(child);
    void child.exited.then(() => this.#running.delete(child));
    void child.gone.then(() => this.#forget(child));
    return child;
  }

  #rest(): void {
    this.#child?.release();
    this.#child = undefined;
  }

  #forget(child: Child<FileRequests>): void {
    if (this.#child === child) this.#child = undefined;
  }
}

function resultOf(verdict: Verdict): string {
  if ("path" in verdict) return verdict.path;
  throw "refused" in verdict ? new Refused(verdict.refused) : new FileFailure(verdict.failure);
}
