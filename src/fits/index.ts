export { BLOCK_BYTES, wholeBlocks } from "./block.js";
export { commentCards, type FitsReal, type FitsValue, isKeyword, real } from "./card.js";
export { compressFits } from "./compress.js";
export { FitsError, type FitsErrorCode } from "./errors.js";
export { FitsHeader, type FitsKeyword, type WrittenKeyword } from "./header.js";
export * from "./image.js";
export { type FitsFile, readFits } from "./reader.js";
