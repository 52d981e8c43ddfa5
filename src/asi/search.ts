import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Attempt, LibraryNotFoundError } from "./errors.js";
import { AsiLibrary } from "./library.js";

/** Where to look for the vendor library. */
export interface LibrarySearch {
  /** A file named by the user: it or nothing. */
  readonly path?: string | undefined;
  /** Environment; `ASI_SDK_LIB` names a file as `path` does. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The machine as the search sees it. */
export interface Machine {
  /** As `process.arch` has it. */
  readonly arch: string;
  /** Names in a directory; none where there is no directory. */
  list(directory: string): readonly string[];
  /** Loads a file or throws a LibraryNotFoundError. */
  load(path: string): AsiLibrary;
}

const THIS_MACHINE: Machine = {
  arch: process.arch,
  list(directory) {
    try {
      return readdirSync(directory);
    } catch {
      return [];
    }
  },
  load: AsiLibrary.load,
};

/** Directories of the vendor's archive by architecture, the fastest code first. */
const VENDOR_DIRECTORIES: Readonly<Record<string, readonly string[]>> = {
  x64: ["x64"],
  ia32: ["x86"],
  arm64: ["armv8"],
  arm: ["armv7", "armv6"],
};

/** Lists the patterns of the files to try, first the one to prefer. */
export function libraryPatterns({ path, env }: LibrarySearch, arch: string): readonly string[] {
  const named = path ?? env.ASI_SDK_LIB;
  if (named) return [named];
  const vendor = (VENDOR_DIRECTORIES[arch] ?? []).flatMap((directory) => [
    `/opt/*/lib/${directory}`,
    `/opt/*/*/lib/${directory}`,
  ]);
  return [
    "/usr/lib/*",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/lib/*",
    "/opt/*",
    "/opt/*/lib",
    ...vendor,
  ].map((directory) => `${directory}/libASICamera2.so*`);
}

/** Lists the files that match a pattern, the newest version first and one without number last. */
export function matchingFiles(pattern: string, list: Machine["list"]): readonly string[] {
  const [, ...segments] = pattern.split("/");
  const files = segments.reduce<readonly string[]>(
    (found, segment) => found.flatMap((directory) => children(directory, segment, list)),
    ["/"],
  );
  return files.toSorted((a, b) => version(b).localeCompare(version(a), "en", { numeric: true }));
}

/**
 * Loads the first usable library; throws a LibraryNotFoundError with all that was tried.
 *
 * A file that was named explicitly is the only one tried: the user should not get another.
 */
export function openLibrary(search: LibrarySearch, machine: Machine = THIS_MACHINE): AsiLibrary {
  const tried: Attempt[] = [];
  for (const pattern of libraryPatterns(search, machine.arch)) {
    const files = pattern.includes("*") ? matchingFiles(pattern, machine.list) : [pattern];
    if (files.length === 0) tried.push({ path: pattern, reason: "no such file" });
    for (const file of files) {
      try {
        return machine.load(file);
      } catch (error) {
        if (!(error instanceof LibraryNotFoundError)) throw error;
        tried.push(...error.tried);
      }
    }
  }
  throw new LibraryNotFoundError(tried);
}

function children(directory: string, segment: string, list: Machine["list"]): readonly string[] {
  if (!segment.includes("*")) return [join(directory, segment)];
  const [prefix = "", suffix = ""] = segment.split("*");
  return list(directory)
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    .map((name) => join(directory, name));
}

function version(file: string): string {
  return file.slice(file.lastIndexOf(".so") + ".so".length);
}
