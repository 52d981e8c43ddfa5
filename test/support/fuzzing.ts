import { readFileSync } from "node:fs";

/** Fast-check's way to say how much is tried, and in which order. */
export interface Amount {
  readonly seed: number;
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
}

/**
 * So many runs, or as many as there is time for where the environment has FUZZ_SECONDS. The seed, FUZZ_SEED or any, is
 * shown.
 */
export function amount(numRuns: number): Amount {
  const { FUZZ_SECONDS, FUZZ_SEED } = process.env;
  const seed = Number(FUZZ_SEED ?? Date.now() % 1_000_000_000);
  process.stdout.write(`FUZZ_SEED=${seed}\n`);
  if (FUZZ_SECONDS === undefined) return { seed, numRuns };
  const interruptAfterTimeLimit = Number(FUZZ_SECONDS) * 1_000;
  return { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit };
}

/** How long such a run may take at most, in milliseconds. */
export function longest(milliseconds: number): number {
  return milliseconds + Number(process.env.FUZZ_SECONDS ?? 0) * 1_500;
}

/** The memory of a process that is its own, in MB: without the shared memory of frames. */
export function ownMegabytes(pid: number | "self"): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
