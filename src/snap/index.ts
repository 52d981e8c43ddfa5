export { SnapError, type SnapErrorCode } from "./errors.js";
export { TerminalUi } from "./progress.js";
export { FRAME_TYPES, type FrameRoi, type FrameType } from "./settings.js";
export { type SnapOptions, type SnapResult, takeSnapshot } from "./snap.js";
export type { SnapUi } from "./snap-ui.js";
