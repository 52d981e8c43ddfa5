import {
  END,
  I8X16_SHUFFLE,
  I32_ADD,
  I32_CONST,
  I32_LESS_UNSIGNED,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  NOTHING,
  program,
  REPEAT_IF,
  V128_LOAD,
  V128_STORE,
  V128_XOR,
  v128,
} from "./assembler.js";

const BYTES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const PAIRS_SWAPPED = BYTES.map((byte) => byte ^ 1);
const HIGHEST_BITS = BYTES.map((byte) => (byte % 2 === 0 ? 0x80 : 0));

/** The parameters and the variable of the function. */
const [at, end, vector] = [0, 1, 2];

/**
 * `turn(at, end)` takes 16 bytes after the other from `at` up to `end`, at least one time, swaps them in pairs and
 * turns over the highest bit of the first of each pair.
 */
export const TURN_PROGRAM = program({
  name: "turn",
  parameters: 2,
  vectors: 1,
  body: [
    ...[LOOP, NOTHING],
    ...[LOCAL_GET, at, ...V128_LOAD, LOCAL_SET, vector],
    ...[LOCAL_GET, at],
    ...[LOCAL_GET, vector, LOCAL_GET, vector, ...I8X16_SHUFFLE, ...PAIRS_SWAPPED],
    ...[...v128(HIGHEST_BITS), ...V128_XOR],
    ...V128_STORE,
    ...[LOCAL_GET, at, I32_CONST, 16, I32_ADD, LOCAL_TEE, at],
    ...[LOCAL_GET, end, I32_LESS_UNSIGNED, REPEAT_IF, 0],
    END,
  ],
});
