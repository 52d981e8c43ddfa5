/** Why something is no FITS, or cannot become FITS. */
export type FitsErrorCode =
  /** A keyword that FITS does not allow, or that describes the data and is not the caller's. */
  | "BAD_KEYWORD"
  /** A number that is not finite. */
  | "BAD_VALUE"
  /** A header that does not fit in the room kept for it. */
  | "NO_ROOM"
  /** Bytes that are not a FITS file, or not the whole of one. */
  | "NOT_FITS"
  /** A FITS file whose kind of data is not read here. */
  | "UNSUPPORTED";

/** A fault in a FITS header or file. */
export class FitsError extends Error {
  override readonly name = "FitsError";

  constructor(
    readonly code: FitsErrorCode,
    message: string,
  ) {
    super(message);
  }
}
