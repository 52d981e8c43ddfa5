import { ASI_ERROR_CODE } from "./constants.js";

/** A call of the vendor library that answered with an error code. */
export class AsiError extends Error {
  override readonly name = "AsiError";
  readonly codeName: string;

  /**
   * @param call name of the function, such as `ASIStartExposure`
   * @param code what it returned, see ASI_ERROR_CODE
   * @param cameraId the camera it was called for, where there was one
   */
  constructor(
    readonly call: string,
    readonly code: number,
    readonly cameraId?: number,
  ) {
    const codeName = nameOf(code);
    super(`${call} failed (${codeName})`);
    this.codeName = codeName;
  }
}

function nameOf(code: number): string {
  const known = Object.entries(ASI_ERROR_CODE).find(([, value]) => value === code);
  return known?.[0] ?? `ASI_ERROR_CODE ${code}`;
}

/** Throws an AsiError for every result of a call but ASI_SUCCESS. */
export function throwUnlessSuccess(call: string, code: number, cameraId?: number): void {
  if (code !== ASI_ERROR_CODE.ASI_SUCCESS) throw new AsiError(call, code, cameraId);
}

/** Says whether an error means that the camera is no longer plugged in. */
export function isRemoved(error: unknown): boolean {
  return error instanceof AsiError && error.code === ASI_ERROR_CODE.ASI_ERROR_CAMERA_REMOVED;
}

/** A function that this version of the vendor library does not have. */
export class MissingFunctionError extends Error {
  override readonly name = "MissingFunctionError";

  constructor(
    readonly functionName: string,
    readonly library: string,
    readonly version: string,
  ) {
    super(`${functionName} is missing in ${library} (SDK version ${version})`);
  }
}

/** One place where the vendor library was looked for, and why it could not be used. */
export interface Attempt {
  readonly path: string;
  readonly reason: string;
}

/** No usable vendor library in any place that was tried. */
export class LibraryNotFoundError extends Error {
  override readonly name = "LibraryNotFoundError";

  constructor(readonly tried: readonly Attempt[]) {
    super(
      [
        "No usable ASI camera library (libASICamera2.so) was found. Tried:",
        ...tried.map(({ path, reason }) => `  ${path}: ${reason}`),
        "Install the package libasi of the INDI PPA (ppa:mutlaqja/ppa), or unpack the vendor's",
        "ASI Camera SDK (https://www.zwoastro.com/software/) under /opt, or name the file with",
        "--sdk PATH or the environment variable ASI_SDK_LIB.",
      ].join("\n"),
    );
  }
}
