/** The unit of a WebAssembly memory. */
const PAGE = 64 * 1024;

/** Compiled once each: the engine makes them faster while they run. */
const modules = new Map<Uint8Array, WebAssembly.Module>();

/** The procedure of a program, at work in a memory that vectorMemory() gave. */
export function procedureIn(
  memory: WebAssembly.Memory,
  program: Uint8Array,
  name: string,
): (...args: readonly number[]) => void {
  const module = modules.get(program) ?? new WebAssembly.Module(program);
  modules.set(program, module);
  const procedure = new WebAssembly.Instance(module, { own: { memory } }).exports[name];
  if (procedure === undefined) throw new TypeError(`The program has no procedure ${name}.`);
  return procedure;
}

/**
 * Memory for a vector program and others of its kind; undefined where the processor or the system does not allow them.
 *
 * It reserves address space far beyond its own bytes, which limits on the process may forbid.
 */
export function vectorMemory(bytes: number, program: Uint8Array): WebAssembly.Memory | undefined {
  if (!WebAssembly.validate(program)) return undefined;
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    return undefined;
  }
}
