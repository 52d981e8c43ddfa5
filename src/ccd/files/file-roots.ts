import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Refused } from "../../indi/errors.js";

/** What clients may use where the operator says nothing: the home directory, and disks that are plugged in. */
export const DEFAULT_FILE_ROOTS: readonly string[] = [homedir(), "/media", "/mnt", "/run/media"];

/** The folders in which files named by clients may be, with all that is in them. */
export class FileRoots {
  readonly #roots: readonly string[];

  /** `roots`: the folders; relative ones are those of the working directory. */
  constructor(roots: readonly string[]) {
    this.#roots = roots.map((root) => resolve(root));
  }

  /** Their paths. */
  get folders(): readonly string[] {
    return this.#roots;
  }

  /** Where files go of which nobody has said where: the home directory, else the first of the roots. */
  get home(): string {
    const home = homedir();
    const [first = home] = this.#roots;
    return this.#roots.some((root) => isWithin(home, root)) ? home : first;
  }

  /**
   * The real path of a file or folder, which need not exist yet: no link in it leads elsewhere. A relative path is
   * one of the home directory. Throws Refused for what is outside of all roots.
   */
  async admit(path: string): Promise<string> {
    const real = await realPath(resolve(homedir(), path));
    // Not once and for all: a disk may be mounted where there was a folder.
    const roots = await Promise.all(this.#roots.map(realPath));
    if (roots.some((root) => isWithin(real, root))) return real;
    throw new Refused(
      `${path} is not allowed: files may be in ${this.#roots.join(", ")}. More is allowed with --file-root where the daemon is started.`,
    );
  }
}

/** Follows links as far as there is something; what cannot be looked at cannot be written to either. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return join(await realPath(parent), basename(path));
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
