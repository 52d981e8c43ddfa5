import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readdir, readFile, readlink, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ClockSync, clockSync, preferThisThread } from "../posix/index.js";

/** How long a program that is asked something may take, in milliseconds. */
const PATIENCE = 5_000;

/** A machine as the doctor sees it; paths are absolute. */
export interface Machine {
  /** Where this user's files are. */
  readonly home: string;
  /** This process, which is no finding. */
  readonly pid: number;
  /** The trimmed text of a file; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names in a directory; none where it cannot be read. */
  list(path: string): Promise<readonly string[]>;
  /** Where a symbolic link points to; undefined where it cannot be read. */
  link(path: string): Promise<string | undefined>;
  /** Whether this user may read and write a file. */
  mayUse(path: string): Promise<boolean>;
  /** Bytes that this user may still write below a directory; undefined where that is not known. */
  freeBytes(directory: string): Promise<number | undefined>;
  /** What a program writes to its standard output; undefined where there is no such program or it fails. */
  run(program: string, ...args: readonly string[]): Promise<string | undefined>;
  clock(): ClockSync;
  /** How a thread that asks to be preferred is scheduled. */
  scheduling(): ReturnType<typeof preferThisThread>;
}

/** This machine, or a tree of files that stands for one. */
export function machineAt(root = "/", home = homedir()): Machine {
  const at = (path: string) => join(root, path);
  return {
    home,
    pid: process.pid,
    read: (path) =>
      readFile(at(path), "utf8").then(
        (text) => text.trim(),
        () => undefined,
      ),
    list: (path) => readdir(at(path)).catch(() => []),
    link: (path) => readlink(at(path)).catch(() => undefined),
    mayUse: (path) =>
      access(at(path), constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      ),
    freeBytes: (path) =>
      statfs(at(path)).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => undefined,
      ),
    run: (program, ...args) =>
      new Promise((resolve) => {
        execFile(program, args, { timeout: PATIENCE, maxBuffer: 2 ** 24 }, (error, stdout) =>
          resolve(error === null ? stdout.trim() : undefined),
        );
      }),
    clock: clockSync,
    scheduling: preferThisThread,
  };
}
