/** A client asked for something that is not done: answered with Alert and this message, not logged as a failure. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** What a peer broke: XML and its contents, or a size limit of the reader. */
export type ProtocolErrorCode = "malformed" | "limit";

/** A peer's bytes cannot be followed any further, so its connection ends. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  constructor(
    readonly code: ProtocolErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The text of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
