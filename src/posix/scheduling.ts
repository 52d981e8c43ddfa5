import { PosixError } from "./errors.js";
import { libcCall } from "./libc.js";

const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x40000000;
const LOWEST_REALTIME = 1;

const PRIO_PROCESS = 0;
const URGENT_NICENESS = -10;

/** The calling thread; the kernel schedules threads, whatever the names of its calls say. */
const THIS_THREAD = 0;

/**
 * Has the system prefer the calling thread to all ordinary ones: in real time (sched(7)) where that is
 * permitted, else by its niceness. Says which; "ordinary" where neither is permitted.
 */
export function preferThisThread(): "realtime" | "nice" | "ordinary" {
  if (
    isPermitted("sched_setscheduler", THIS_THREAD, SCHED_RR | SCHED_RESET_ON_FORK, [
      LOWEST_REALTIME,
    ])
  )
    return "realtime";
  if (isPermitted("setpriority", PRIO_PROCESS, THIS_THREAD, URGENT_NICENESS)) return "nice";
  return "ordinary";
}

function isPermitted(...call: Parameters<typeof libcCall>): boolean {
  try {
    libcCall(...call);
    return true;
  } catch (error) {
    if (error instanceof PosixError) return false;
    throw error;
  }
}
