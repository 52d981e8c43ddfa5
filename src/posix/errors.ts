import { getSystemErrorName } from "node:util";

/** A call of the C library that failed. */
export class PosixError extends Error {
  override readonly name = "PosixError";
  /** Name of the errno, such as `ENOMEM`. */
  readonly code: string;

  constructor(
    readonly call: string,
    readonly errno: number,
  ) {
    const code = getSystemErrorName(-errno);
    super(`${call} failed (${code})`);
    this.code = code;
  }
}
