/** A recording could not be written; `code` is the system's, such as ENOSPC. */
export class SerError extends Error {
  override readonly name = "SerError";
  readonly code: string;

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const code = codeOf(cause);
    super(`${path}: ${REASONS.get(code) ?? textOf(cause)}`, { cause });
    this.code = code;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file has reached its largest size"],
  ["EACCES", "no permission to write there"],
  ["EROFS", "the disk is read-only"],
]);

/** The system's code of an error, if it has one. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "UNKNOWN";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
