export { vectorTextMemory } from "./base64.js";
export { TurnedValues, toFitsOrder16 } from "./byte-order.js";
