export * from "./clock-sync.js";
export { sendDescriptor, socketDescriptor } from "./descriptor-message.js";
export { PosixError } from "./errors.js";
export * from "./exit.js";
export * from "./memory.js";
export * from "./scheduling.js";
export * from "./socket.js";
export * from "./time.js";
export * from "./usb.js";
