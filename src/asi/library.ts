import koffi, { type LibraryHandle } from "koffi";
import { LibraryNotFoundError, MissingFunctionError } from "./errors.js";
import { FUNCTIONS, type FunctionDeclaration, type FunctionName } from "./functions.js";
import type { LibraryCall } from "./library-call.js";
import type { CTypes } from "./structs.js";

/** What a function can be given: a value, a buffer, or a tuple or struct that it fills. */
export type Argument = number | string | null | object;

/** What a function returns. */
export type Result<Name extends FunctionName> = CTypes[(typeof FUNCTIONS)[Name]["returns"]];

type KoffiFunction = ReturnType<LibraryHandle["func"]>;

/** The vendor library, or anything with its ABI, loaded into this process. */
export class AsiLibrary {
  readonly path: string;
  /** What the library says of itself, such as `1, 37, 0, 0`. */
  readonly version: string;
  readonly #handle: LibraryHandle;
  readonly #functions = new Map<FunctionName, KoffiFunction | undefined>();
  readonly #argumentsInUse = new Set<readonly Argument[]>();
  #observer: ((call: LibraryCall) => void) | undefined;

  private constructor(path: string, handle: LibraryHandle) {
    this.path = path;
    this.#handle = handle;
    this.version = "unknown";
    this.version = this.call("ASIGetSDKVersion");
  }

  /** Loads the library in the file `path`; throws a LibraryNotFoundError that says why it cannot. */
  static load(path: string): AsiLibrary {
    try {
      return new AsiLibrary(path, koffi.load(path));
    } catch (error) {
      throw new LibraryNotFoundError([{ path, reason: reasonOf(error) }]);
    }
  }

  /** Has somebody told of each call from now on, once it has ended. */
  observe(observer: (call: LibraryCall) => void): void {
    this.#observer = observer;
  }

  /** Says whether the library exports a function. */
  has(name: FunctionName): boolean {
    return this.#resolve(name) !== undefined;
  }

  /** Names every function of the header that the library does not export. */
  missing(): readonly FunctionName[] {
    return FUNCTION_NAMES.filter((name) => !this.has(name));
  }

  /** Calls a function on this thread; throws a MissingFunctionError where there is none. */
  call<Name extends FunctionName>(name: Name, ...args: readonly Argument[]): Result<Name> {
    const ended = this.#begin(name, args);
    const result = this.#function(name)(...args);
    ended?.(result);
    return result;
  }

  /** Calls a function on a thread of the libuv pool, so that this one need not wait for it. */
  async callAsync<Name extends FunctionName>(
    name: Name,
    ...args: readonly Argument[]
  ): Promise<Result<Name>> {
    const call = this.#function(name);
    // koffi hands the addresses of buffers to the other thread without keeping the buffers alive.
    this.#argumentsInUse.add(args);
    const ended = this.#begin(name, args);
    return new Promise<Result<Name>>((resolve, reject) => {
      call.async(...args, (error: unknown, result: Result<Name>) => {
        if (error) return reject(error);
        ended?.(result);
        resolve(result);
      });
    }).finally(() => this.#argumentsInUse.delete(args));
  }

  /** Takes the time of a call where somebody wants to know. */
  #begin(name: FunctionName, args: readonly Argument[]): ((result: unknown) => void) | undefined {
    const observer = this.#observer;
    if (observer === undefined) return undefined;
    const began = performance.now();
    return (result) => observer({ name, args, result, milliseconds: performance.now() - began });
  }

  #function(name: FunctionName): KoffiFunction {
    const found = this.#resolve(name);
    if (!found) throw new MissingFunctionError(name, this.path, this.version);
    return found;
  }

  #resolve(name: FunctionName): KoffiFunction | undefined {
    if (!this.#functions.has(name)) this.#functions.set(name, declare(this.#handle, name));
    return this.#functions.get(name);
  }
}

const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

function declare(handle: LibraryHandle, name: FunctionName): KoffiFunction | undefined {
  try {
    handle.symbol(name);
  } catch {
    return undefined;
  }
  const { returns, takes }: FunctionDeclaration = FUNCTIONS[name];
  return handle.func(`${returns} ${name}(${takes})`);
}

function reasonOf(error: unknown): string {
  if (error instanceof MissingFunctionError) return `it does not export ${error.functionName}`;
  return error instanceof Error ? error.message : String(error);
}
