export { PosixError } from "./errors.js";
export * from "./memory.js";
export * from "./scheduling.js";
export * from "./time.js";
export * from "./usb.js";
