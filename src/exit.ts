import { NoLibraryError } from "./camera/errors.js";
import { SnapError } from "./snap/errors.js";

/** The program's exit codes. */
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

/** What each of them says, as `indi-asid --help` lists them. */
export const EXIT_MEANING: Readonly<Record<(typeof EXIT)[keyof typeof EXIT], string>> = {
  [EXIT.done]: "done",
  [EXIT.failure]: "something failed; the last line says what",
  [EXIT.usage]: "wrong usage",
  [EXIT.noLibrary]: "no usable vendor library (libASICamera2)",
  [EXIT.noCamera]: "no camera to take a picture with",
  [EXIT.cannotListen]: "the address or port cannot be listened on",
  [EXIT.warnings]: "the doctor has a warning",
  [EXIT.problems]: "the doctor has found a problem",
};

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
