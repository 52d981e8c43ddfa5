export { SerError } from "./errors.js";
export type { SerColor, SerDescription } from "./header.js";
export { type SerFrame, SerWriter } from "./writer.js";
