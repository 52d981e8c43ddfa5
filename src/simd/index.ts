export { vectorTextMemory } from "./base64.js";
export { toFitsOrder16 } from "./byte-order.js";
