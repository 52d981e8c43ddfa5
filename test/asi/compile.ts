import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Makes a directory that goes when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "asi-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Compiles C source, given as text, into a file of a temporary directory and returns its path. */
export function compile(source: string, output: string, ...options: readonly string[]): string {
  const file = join(temporaryDirectory(), output);
  execFileSync("cc", ["-Wall", "-Werror", ...options, "-o", file, "-x", "c", "-"], {
    input: source,
  });
  return file;
}

/** Compiles C source into a shared library. */
export function compileLibrary(source: string): string {
  return compile(source, "libASICamera2.so", "-shared", "-fPIC");
}
