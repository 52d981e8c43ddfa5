/** The unit of a WebAssembly memory. */
const PAGE = 64 * 1024;

/**
 * Memory for vector programs; undefined where the processor or the system does not allow them.
 *
 * It reserves address space far beyond its own bytes, which limits on the process may forbid.
 */
export function vectorMemory(
  bytes: number,
  ...programs: readonly Uint8Array[]
): WebAssembly.Memory | undefined {
  if (!programs.every((program) => WebAssembly.validate(program))) return undefined;
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    return undefined;
  }
}
