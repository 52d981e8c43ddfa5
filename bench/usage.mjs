import { readdirSync, readFileSync } from "node:fs";

/** Ticks of the scheduler's clock a second, as /proc counts CPU time. */
const TICKS = 100;

/**
 * What processes have used since they started: seconds of CPU, and how often one of their threads was woken up.
 *
 * @param {readonly number[]} pids
 */
export function usage(pids) {
  let [ticks, wakeUps] = [0, 0];
  for (const pid of pids) {
    const [, fields] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
    const [user, system] = (fields ?? "").split(" ").slice(11, 13).map(Number);
    ticks += (user ?? 0) + (system ?? 0);
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${task}/status`, "latin1");
      wakeUps += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }
  }
  return { cpu: ticks / TICKS, wakeUps };
}

/**
 * What processes use while something is done.
 *
 * @param {readonly number[]} pids
 * @param {() => Promise<void>} action
 */
export async function usageOf(pids, action) {
  const [before, started] = [usage(pids), performance.now()];
  await action();
  const after = usage(pids);
  return {
    seconds: (performance.now() - started) / 1000,
    cpu: after.cpu - before.cpu,
    wakeUps: after.wakeUps - before.wakeUps,
  };
}

/**
 * Milliseconds of CPU that processes have used since they started, to the nanosecond of the scheduler's own count;
 * of threads that have ended nothing is counted.
 *
 * @param {readonly number[]} pids
 */
export function processorTime(pids) {
  const tasks = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((task) => `${pid}/task/${task}`),
  );
  return total(tasks.map((task) => scheduled(task).used));
}

/**
 * Milliseconds that the main threads of processes were ready to run and did not, since they started, because others had
 * the processors.
 *
 * @param {readonly number[]} pids
 */
export function waitingTime(pids) {
  return total(pids.map((pid) => scheduled(pid).waited));
}

/** What the scheduler tells of a thread, in milliseconds. */
function scheduled(task) {
  const numbers = readFileSync(`/proc/${task}/schedstat`, "latin1").split(" ");
  const [used, waited] = numbers.map((nanoseconds) => Number(nanoseconds) / 1e6);
  return { used, waited };
}

const total = (values) => values.reduce((sum, value) => sum + value, 0);
