export * from "./header.js";
export type { XisfKeyword } from "./properties.js";
