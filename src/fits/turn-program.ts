const I32 = 0x7f;
const NOTHING = 0x40;
const LOOP = 0x03;
const END = 0x0b;
const REPEAT_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
const I32_LESS_UNSIGNED = 0x49;
const I32_ADD = 0x6a;
const V128_LOAD = [0xfd, 0x00];
const V128_STORE = [0xfd, 0x0b];
const V128_CONST = [0xfd, 0x0c];
const SHUFFLE = [0xfd, 0x0d];
const V128_XOR = [0xfd, 0x51];

/** Alignment and offset of a load or store. */
const PLAIN = [0, 0];

const BYTES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const PAIRS_SWAPPED = BYTES.map((byte) => byte ^ 1);
const HIGHEST_BITS = BYTES.map((byte) => (byte % 2 === 0 ? 0x80 : 0));

/** The parameter and the local variable of the function. */
const [end, at] = [0, 1];

const TURN = [
  ...[1, 1, I32],
  ...[LOOP, NOTHING],
  ...[LOCAL_GET, at],
  ...[LOCAL_GET, at, ...V128_LOAD, ...PLAIN],
  ...[LOCAL_GET, at, ...V128_LOAD, ...PLAIN, ...SHUFFLE, ...PAIRS_SWAPPED],
  ...[...V128_CONST, ...HIGHEST_BITS, ...V128_XOR],
  ...[...V128_STORE, ...PLAIN],
  ...[LOCAL_GET, at, I32_CONST, 16, I32_ADD, LOCAL_TEE, at],
  ...[LOCAL_GET, end, I32_LESS_UNSIGNED, REPEAT_IF, 0],
  ...[END, END],
];

/**
 * A program in WebAssembly (core specification 2.0, chapter 5) that wants a memory `own.memory` and has
 * one function: `turn(end)` takes 16 bytes after the other up to `end`, at least one time, swaps them in
 * pairs and turns over the highest bit of the first of each pair.
 */
export const TURN_PROGRAM = Uint8Array.from([
  ...utf8("\0asm"),
  ...[1, 0, 0, 0],
  ...section(1, [1, 0x60, 1, I32, 0]),
  ...section(2, [1, ...named("own"), ...named("memory"), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...named("turn"), 0, 0]),
  ...section(10, [1, TURN.length, ...TURN]),
]);

/** Lengths take one byte each here: all are below 128. */
function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

function named(name: string): number[] {
  return [name.length, ...utf8(name)];
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}
