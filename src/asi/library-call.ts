import type { FunctionName } from "./functions.js";
import type { Argument } from "./library.js";

/** A call of the library that has ended. */
export interface LibraryCall {
  readonly name: FunctionName;
  /** With what the library has filled in. */
  readonly args: readonly Argument[];
  readonly result: unknown;
  readonly milliseconds: number;
}

/** A call in one line, such as `ASIGetExpStatus(0, [2]) = 0 in 0.013 ms`. */
export function describeCall({ name, args, result, milliseconds }: LibraryCall): string {
  return `${name}(${args.map(describe).join(", ")}) = ${result} in ${milliseconds.toFixed(3)} ms`;
}

function describe(argument: Argument): string {
  if (argument instanceof Uint8Array) return `${argument.length} bytes`;
  if (Array.isArray(argument)) return `[${argument.join(", ")}]`;
  return typeof argument === "object" && argument !== null ? "{...}" : `${argument}`;
}
