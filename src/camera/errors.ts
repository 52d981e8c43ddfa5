/** The caller asked for something this camera cannot do; nothing was changed. */
export class CameraRequestError extends Error {
  override readonly name = "CameraRequestError";
}

/** What is known about a failure of the camera beyond its text. */
export interface CameraFailureDetails {
  /** The vendor library's name of the error, such as ASI_ERROR_CAMERA_REMOVED. */
  readonly codeName?: string | undefined;
  /** The camera is no longer attached. */
  readonly removed?: boolean | undefined;
  readonly cause?: unknown;
}

/** The camera, its library or its process failed; the same request may succeed later. */
export class CameraFailure extends Error {
  override readonly name = "CameraFailure";
  readonly codeName: string | undefined;
  readonly removed: boolean;

  constructor(message: string, details: CameraFailureDetails = {}) {
    super(message, { cause: details.cause });
    this.codeName = details.codeName;
    this.removed = details.removed ?? false;
  }
}

/** Whether the library waited for something in vain. */
export function isTimeout(error: unknown): boolean {
  return error instanceof CameraFailure && error.codeName === "ASI_ERROR_TIMEOUT";
}

/** The process that had the camera is gone; the one that takes its place may do what was asked. */
export class ProcessFailure extends CameraFailure {}

/** The memory for pictures is taken by earlier ones that clients still read; the camera has nothing to do with it. */
export class MemoryFull extends CameraFailure {}

/** A recording could not be written; the camera has nothing to do with it. */
export class RecordingFailure extends Error {
  override readonly name = "RecordingFailure";
}

/** There is no usable vendor library; the text says what was tried and how to get it. */
export class NoLibraryError extends Error {
  override readonly name = "NoLibraryError";
}
