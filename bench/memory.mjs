import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

const SAMPLER = new URL("./memory-sampler.mjs", import.meta.url);

/**
 * Memory of processes in bytes, pages they share counted once (proportional set size).
 *
 * @param {readonly number[]} pids
 */
export function proportionalSetSize(pids) {
  return sum(pids, (pid) => field(`/proc/${pid}/smaps_rollup`, "Pss"));
}

/**
 * Resident memory of one process in bytes, the program text that it shares with others included.
 *
 * @param {number} pid
 */
export function residentSize(pid) {
  return field(`/proc/${pid}/status`, "VmRSS");
}

/**
 * The largest proportional set size of processes while something is done, looked at every few milliseconds.
 *
 * @param {readonly number[]} pids
 * @param {() => Promise<void>} action
 */
export async function peakMemory(pids, action) {
  const sampler = new Worker(SAMPLER, { workerData: pids });
  const answer = () => new Promise((resolve) => sampler.once("message", resolve));
  await answer();
  await action();
  sampler.postMessage("end");
  return answer();
}

function sum(pids, of) {
  return pids.reduce((total, pid) => total + of(pid), 0);
}

function field(file, name) {
  try {
    const [, kilobytes] =
      new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "latin1")) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    // The process has ended.
    return 0;
  }
}
