import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Puts bytes into a file that goes with the test, and returns its path. */
export function fileOf(bytes: Uint8Array, name: string): string {
  const directory = mkdtempSync(join(tmpdir(), "indi-asid-file-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

/** Runs a program; returns what it wrote to standard output, and its exit code. */
export function run(program: string, ...args: readonly string[]) {
  const { error, status, stdout } = spawnSync(program, args, { maxBuffer: 2 ** 28 });
  if (error) throw error;
  return { status, stdout };
}

/** What fitsverify says of a FITS file; ends in the errors and warnings it counted. */
export function fitsverify(file: Uint8Array): string {
  return run("fitsverify", fileOf(file, "image.fits")).stdout.toString();
}

/** The end of what fitsverify says of a file it has nothing to say about. */
export const CLEAN = "**** Verification found 0 warning(s) and 0 error(s). ****";

/** The FITS file that cfitsio makes of a compressed one. */
export function funpack(file: Uint8Array): Uint8Array {
  const { status, stdout } = run("funpack", "-S", fileOf(file, "image.fits.fz"));
  if (status !== 0) throw new Error(`funpack ended with code ${status}`);
  return stdout;
}
