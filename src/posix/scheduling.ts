import { readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { PosixError } from "./errors.js";
import { libcCall } from "./libc.js";

const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x40000000;
const LOWEST_REALTIME = 1;

/**
 * Of the niceness that Linux has, -20 to 19. What is preferred gets three times the share of a core that others get, what
 * is urgent ten times.
 */
const [URGENT, PREFERRED, ORDINARY] = [-10, -5, 0];

/** The calling thread; the kernel schedules threads, whatever the names of its calls say. */
const THIS_THREAD = 0;

/**
 * Has the system prefer the calling thread to all ordinary ones: in real time (sched(7)) where that is
 * permitted, else by its niceness. Says which; "ordinary" where neither is permitted.
 */
export function preferThisThread(): "realtime" | "nice" | "ordinary" {
  if (isRealtimePermitted()) return "realtime";
  return isPermitted(URGENT) ? "nice" : "ordinary";
}

/**
 * Has the system prefer the calling thread, and what it starts from then on, by its niceness, where that is permitted;
 * not where whoever started it has chosen another.
 */
export function preferByNiceness(): void {
  if (getPriority() === ORDINARY) isPermitted(PREFERRED);
}

/** Undoes for the calling thread what the one that started it did by preferByNiceness(). */
export function preferNoLonger(): void {
  if (getPriority() === PREFERRED) isPermitted(ORDINARY);
}

/** The same for all threads of this process, of which some had been started before its program was. */
export function preferProcessNoLonger(): void {
  if (getPriority() !== PREFERRED) return;
  for (const thread of readdirSync("/proc/self/task")) isPermitted(ORDINARY, Number(thread));
}

function isPermitted(niceness: number, thread = THIS_THREAD): boolean {
  try {
    setPriority(thread, niceness);
    return true;
  } catch {
    return false;
  }
}

function isRealtimePermitted(): boolean {
  try {
    libcCall("sched_setscheduler", THIS_THREAD, SCHED_RR | SCHED_RESET_ON_FORK, [LOWEST_REALTIME]);
    return true;
  } catch (error) {
    if (error instanceof PosixError) return false;
    throw error;
  }
}
