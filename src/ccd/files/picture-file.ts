import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { syncFolder } from "../../indi/sync-folder.js";
import type { FileRoots } from "./file-roots.js";

/** Where a picture is to be saved, as clients write it. */
export interface FilePattern {
  /**
   * `_HOME_` stands for the home directory, to which relative ones belong; directories that are missing are made.
   */
  readonly directory: string;
  /** `XXX` stands for the next free number, `ISO8601` for the local time. */
  readonly prefix: string;
}

/** A picture as a file that is not on disk yet. */
export interface PictureFile {
  /** With its dot. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/** A file could not be written; the text names it and says why. */
export class FileFailure extends Error {
  override readonly name = "FileFailure";
}

/** A file that is not whole yet; ... */
const UNFINISHED =
  /^\.[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\.(fits|xisf|bin)\.part$/;
/** ... one that has not grown for so many milliseconds was left behind by a power failure. */
const LEFT_BEHIND_MS = 24 * 3600 * 1000;

/** What file systems without links answer, such as those of memory cards. */
const NO_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "ENOSYS"];

const NUMBER = "XXX";
const TIME = "ISO8601";

/** `ISO8601` as a name shows it: no colons, which some file systems refuse. */
const TIME_SHAPE = String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}`;

/**
 * Writes a file under the next free name of a pattern and returns its path.
 *
 * The name stands for the whole file from the moment there is one, and is never one that was there: a reader sees
 * all of it or nothing, after a power failure too. Throws Refused for a folder outside of the roots, else
 * FileFailure, and then leaves nothing behind.
 */
export async function saveFile(
  pattern: FilePattern,
  roots: FileRoots,
  { extension, bytes }: PictureFile,
  signal?: AbortSignal,
  time = new Date(),
): Promise<string> {
  const folder = await roots.admit(folderOf(pattern));
  const stem = basename(stemOf(pattern));
  const part = join(folder, `.${randomUUID()}${extension}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await write(part, bytes, signal);
    const path = await giveName(part, join(folder, stem), extension, time);
    await syncFolder(folder);
    await removeLeftBehind(folder, time).catch(() => undefined);
    return path;
  } catch (error) {
    signal?.throwIfAborted();
    const name = nameOf(pattern, { extension });
    throw new FileFailure(`Cannot save ${name}: ${reasonOf(error)}.`, { cause: error });
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** The folder the files of a pattern are in; a prefix may lead into another one than the directory. */
export function folderOf(pattern: FilePattern): string {
  return dirname(stemOf(pattern));
}

/** How a file is called as long as it has no name, with the marks of the pattern. */
export function nameOf(
  pattern: FilePattern,
  { extension }: Pick<PictureFile, "extension">,
): string {
  return stemOf(pattern) + extension;
}

function stemOf({ directory, prefix }: FilePattern): string {
  return resolve(homedir(), join(directory.replaceAll("_HOME_", homedir()), prefix));
}

async function removeLeftBehind(folder: string, time: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!UNFINISHED.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (time.getTime() - mtimeMs > LEFT_BEHIND_MS) await rm(path, { force: true });
  }
}

async function write(path: string, bytes: Uint8Array, signal: AbortSignal | undefined) {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes, { signal });
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives a file the next name that nobody else has. */
async function giveName(part: string, stem: string, extension: string, time: Date) {
  const directory = dirname(stem);
  const pattern = basename(stem);
  for (;;) {
    const names = await readdir(directory);
    const plain = fillIn(pattern, time, "") + extension;
    // Where no number is asked for, one is added only to tell the file from what is there.
    const isTaken = !pattern.includes(NUMBER) && names.includes(plain);
    const numbered = isTaken ? `${pattern}_${NUMBER}` : pattern;
    const path = join(directory, fillIn(numbered, time, nextNumber(names, numbered)) + extension);
    try {
      await renameToFree(part, path);
      return path;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Renames a file unless there is one of that name; rejects with EEXIST then. */
async function renameToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? "")) throw error;
    await (await open(to, "wx")).close();
    await rename(from, to).catch(async (failure) => {
      await rm(to, { force: true });
      throw failure;
    });
  }
}

function fillIn(pattern: string, time: Date, number: string): string {
  return pattern.replaceAll(NUMBER, number).replaceAll(TIME, localTime(time));
}

/** One more than the highest number among files of the pattern, whatever their extension. */
function nextNumber(names: readonly string[], pattern: string): string {
  const shape = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(NUMBER, String.raw`(\d{3,})`)
    .replaceAll(TIME, TIME_SHAPE);
  const name = new RegExp(`^${shape}\\.\\w+$`);
  const numbers = names.map((each) => Number(name.exec(each)?.[1] ?? 0));
  const highest = numbers.reduce((a, b) => Math.max(a, b), 0);
  return `${highest + 1}`.padStart(NUMBER.length, "0");
}

function localTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, -1).replaceAll(":", "-");
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large for its file system",
  EROFS: "the file system is read-only",
  EACCES: "this program may not write there",
  EPERM: "this program may not write there",
  ENOTDIR: "a part of the path is no directory",
  EEXIST: "a part of the path is no directory",
  ENAMETOOLONG: "the name is too long",
};

function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? "";
  const text = error instanceof Error ? error.message : String(error);
  return REASONS[code] === undefined ? text : `${REASONS[code]} (${code})`;
}
