/** Why there is no picture. */
export type SnapErrorCode =
  /** No INDI server answers there. */
  | "UNREACHABLE"
  /** The server has no camera, or not the one that was named. */
  | "NO_CAMERA"
  /** The camera cannot do what was asked for. */
  | "BAD_OPTION"
  /** The camera, or the server for it, answered Alert. */
  | "REFUSED"
  /** No answer came in time. */
  | "TIMEOUT"
  /** The server or the camera went away. */
  | "LOST"
  /** The files cannot be written. */
  | "CANNOT_WRITE";

/** A picture that could not be taken, in words for the user. */
export class SnapError extends Error {
  override readonly name = "SnapError";

  constructor(
    readonly code: SnapErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
