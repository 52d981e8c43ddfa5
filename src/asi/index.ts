export * from "./asi-camera.js";
export type { CameraProperty, ControlCaps } from "./camera-property.js";
export type * from "./camera-values.js";
export * from "./constants.js";
export * from "./enumeration.js";
export {
  AsiError,
  type Attempt,
  isRemoved,
  LibraryNotFoundError,
  MissingFunctionError,
} from "./errors.js";
export type { FunctionName } from "./functions.js";
export type { GpsData } from "./gps-data.js";
export { GuideLines } from "./guide-lines.js";
export { AsiLibrary } from "./library.js";
export { describeCall, type LibraryCall } from "./library-call.js";
export { type LibrarySearch, openLibrary } from "./search.js";
