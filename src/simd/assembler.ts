/*
 * What it takes to write small WebAssembly programs with vector instructions (core specification 2.0, chapter 5):
 * JavaScript has those instructions nowhere else.
 */

export const I32 = 0x7f;
export const V128 = 0x7b;
export const NOTHING = 0x40;
export const LOOP = 0x03;
export const END = 0x0b;
export const REPEAT_IF = 0x0d;
export const LOCAL_GET = 0x20;
export const LOCAL_SET = 0x21;
export const LOCAL_TEE = 0x22;
export const I32_CONST = 0x41;
export const I32_LESS_UNSIGNED = 0x49;
export const I32_ADD = 0x6a;

/** Loads and stores name an alignment and an offset. */
const PLAIN = [0, 0];

export const V128_LOAD = [0xfd, 0x00, ...PLAIN];
export const V128_STORE = [0xfd, 0x0b, ...PLAIN];
export const V128_AND = [0xfd, 0x4e];
export const V128_OR = [0xfd, 0x50];
export const V128_XOR = [0xfd, 0x51];
export const I8X16_SHUFFLE = [0xfd, 0x0d];
export const I8X16_SWIZZLE = [0xfd, 0x0e];
export const I8X16_GREATER_SIGNED = [0xfd, 0x27];
export const I8X16_ADD = [0xfd, 0x6e];
export const I8X16_SUB_SATURATED_UNSIGNED = [0xfd, 0x73];
export const I16X8_MUL = [0xfd, 0x95, 0x01];
export const I32X4_SHIFT_RIGHT_UNSIGNED = [0xfd, 0xad, 0x01];

/** The instruction for a constant vector, given by its 16 bytes. */
export function v128(bytes: readonly number[]): number[] {
  return [0xfd, 0x0c, ...bytes.map((byte) => byte & 0xff)];
}

/** The instruction for a constant vector of the same value in each of its four parts of 32 bits. */
export function v128OfI32(value: number): number[] {
  const bytes = [value, value >>> 8, value >>> 16, value >>> 24];
  return v128([...bytes, ...bytes, ...bytes, ...bytes]);
}

/** The instruction for a constant vector of 16 equal bytes. */
export function v128OfI8(value: number): number[] {
  return v128(Array(16).fill(value));
}

/** A function that returns nothing. */
export interface Procedure {
  readonly name: string;
  /** The number of its parameters, all of them I32. */
  readonly parameters: number;
  /** The number of its other variables, all of them V128. */
  readonly vectors: number;
  readonly body: readonly number[];
}

/** A program of one function that wants a memory `own.memory`. */
export function program({ name, parameters, vectors, body }: Procedure): Uint8Array {
  const locals = vectors === 0 ? [0] : [1, vectors, V128];
  const code = [...locals, ...body, END];
  return Uint8Array.from([
    ...utf8("\0asm"),
    ...[1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...Array<number>(parameters).fill(I32), 0]),
    ...section(2, [1, ...named("own"), ...named("memory"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named(name), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string): number[] {
  return [name.length, ...utf8(name)];
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}

/** A number in LEB128, below 2 to the 14th. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >>> 7];
}
