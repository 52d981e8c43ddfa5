import { NoLibraryError } from "./camera/errors.js";
import { SnapError } from "./snap/errors.js";

/** What the program's exit code says; `indi-asid --help` lists them. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  noLibrary: 3,
  noCamera: 4,
  cannotListen: 5,
  warnings: 6,
  problems: 7,
} as const;

/** The exit code an error ends the program with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof NoLibraryError) return EXIT.noLibrary;
  if (error instanceof SnapError && error.code === "NO_CAMERA") return EXIT.noCamera;
  if (error instanceof SnapError && error.code === "BAD_OPTION") return EXIT.usage;
  if (isListenError(error)) return EXIT.cannotListen;
  return EXIT.failure;
}

/** An error in words for the person at the terminal. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`;
  if (isListenError(error)) {
    return `${error.message}. Is another indiserver or indi-asid running? Choose another port with --port.`;
  }
  return error.message;
}

function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && error.syscall === "listen";
}
