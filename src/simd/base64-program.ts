import {
  END,
  I8X16_ADD,
  I8X16_GREATER_SIGNED,
  I8X16_SHUFFLE,
  I8X16_SUB_SATURATED_UNSIGNED,
  I8X16_SWIZZLE,
  I16X8_MUL,
  I32_ADD,
  I32_CONST,
  I32_LESS_UNSIGNED,
  I32X4_SHIFT_RIGHT_UNSIGNED,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  NOTHING,
  program,
  REPEAT_IF,
  V128_AND,
  V128_LOAD,
  V128_OR,
  V128_STORE,
  V128_XOR,
  v128,
  v128OfI8,
  v128OfI32,
} from "./assembler.js";

/** The parameters and the variables of the function. */
const [from, end, to, bytes, values] = [0, 1, 2, 3, 4];

/** Of each three bytes a, b, c the four b, a, c, b: every value of six bits then lies within 16 bits. */
const SPREAD = [0, 3, 6, 9].flatMap((at) => [at + 1, at, at + 2, at + 1]);

/** Masks and shifts that move each of the four values in 32 bits into a byte of its own. */
const SPLIT = [
  ...[LOCAL_GET, bytes, ...v128OfI32(0x0000fc00), ...V128_AND],
  ...[I32_CONST, 10, ...I32X4_SHIFT_RIGHT_UNSIGNED],
  ...[LOCAL_GET, bytes, ...v128OfI32(0x0fc00000), ...V128_AND],
  ...[I32_CONST, 6, ...I32X4_SHIFT_RIGHT_UNSIGNED],
  ...V128_OR,
  // Two shifts to the left by different lengths are one multiplication.
  ...[LOCAL_GET, bytes, ...v128OfI32(0x003f03f0), ...V128_AND],
  ...[...v128OfI32(0x01000010), ...I16X8_MUL],
  ...V128_OR,
];

/** What is to be added to a value to make it a character, by its kind. */
const OFFSETS = [
  "a".charCodeAt(0) - 26,
  ...Array<number>(10).fill("0".charCodeAt(0) - 52),
  "+".charCodeAt(0) - 62,
  "/".charCodeAt(0) - 63,
  "A".charCodeAt(0),
  0,
  0,
];

/** Kinds: 13 for 0 to 25, 0 for 26 to 51, and from 1 on for each value beyond. */
const KIND = [
  ...[LOCAL_GET, values, ...v128OfI8(51), ...I8X16_SUB_SATURATED_UNSIGNED],
  ...[...v128OfI8(26), LOCAL_GET, values, ...I8X16_GREATER_SIGNED],
  ...[...v128OfI8(13), ...V128_AND],
  ...V128_OR,
];

/** Bytes as they are. */
const PLAIN = [LOCAL_GET, from, ...V128_LOAD, LOCAL_SET, bytes];

/** Values of 16 bits less 32768, still with their lower byte first. */
const TURNED = [
  ...[LOCAL_GET, from, ...V128_LOAD],
  ...[...v128([0, 1, 2, 3, 4, 5, 6, 7].flatMap(() => [0, 0x80])), ...V128_XOR],
  ...[LOCAL_SET, bytes],
];

/**
 * `encode(from, end, to)` writes the base64 of the bytes from `from` up to `end` at `to`, 16 characters for 12 bytes
 * at a time, at least one time. Four bytes more are read than encoded.
 */
function encoding(load: readonly number[], spread: readonly number[]): Uint8Array {
  return program({
    name: "encode",
    parameters: 3,
    vectors: 2,
    body: [
      ...[LOOP, NOTHING],
      ...load,
      ...[LOCAL_GET, bytes, LOCAL_GET, bytes, ...I8X16_SHUFFLE, ...spread, LOCAL_SET, bytes],
      ...[...SPLIT, LOCAL_SET, values],
      ...[LOCAL_GET, to],
      ...[...v128(OFFSETS), ...KIND, ...I8X16_SWIZZLE],
      ...[LOCAL_GET, values, ...I8X16_ADD],
      ...V128_STORE,
      ...[LOCAL_GET, to, I32_CONST, 16, I32_ADD, LOCAL_SET, to],
      ...[LOCAL_GET, from, I32_CONST, 12, I32_ADD, LOCAL_TEE, from],
      ...[LOCAL_GET, end, I32_LESS_UNSIGNED, REPEAT_IF, 0],
      END,
    ],
  });
}

/** Encodes bytes as they are. */
export const BASE64_PROGRAM = encoding(PLAIN, SPREAD);

/** Encodes values of 16 bits, without sign and their lower byte first, as FITS stores them. */
export const TURNED_BASE64_PROGRAM = encoding(
  TURNED,
  SPREAD.map((at) => at ^ 1),
);
