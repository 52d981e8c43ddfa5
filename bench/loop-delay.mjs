/*
 * Loaded into the daemon with `node --import`: from the first SIGUSR2 on, watches how long its event loop is held up by
 * what the daemon does; at each writes that to the file LOOP_DELAY_FILE and begins anew. Before, it costs nothing.
 *
 * A timer of a millisecond says how long a turn took, and the scheduler how much of that the thread was ready and had no
 * core (proc_pid_schedstat(5)), which is the machine's doing and left out.
 */
import { openSync, readSync, renameSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const PERIOD = 1;

const file = process.env.LOOP_DELAY_FILE;

// The camera processes inherit the option; they have no clients to keep waiting.
if (isMainThread && process.send === undefined && file !== undefined) {
  const waited = waitingTime();
  let delays = [];
  let isWatching = false;
  process.on("SIGUSR2", () => {
    if (!isWatching) watch((milliseconds) => delays.push(milliseconds), waited);
    isWatching = true;
    const sorted = delays.toSorted((a, b) => a - b);
    const [p99, max] = [sorted[Math.floor(0.99 * sorted.length)], sorted.at(-1)];
    delays = [];
    writeFileSync(`${file}.new`, JSON.stringify({ p99, max }));
    renameSync(`${file}.new`, file);
  });
}

/** Tells of every turn how many milliseconds later it came than the millisecond it was to come after. */
function watch(tell, waited) {
  let [time, wait] = [performance.now(), waited()];
  setInterval(() => {
    const [now, waitNow] = [performance.now(), waited()];
    tell(Math.max(0, now - time - (waitNow - wait) - PERIOD));
    [time, wait] = [now, waitNow];
  }, PERIOD);
}

/** The milliseconds this thread has been ready to run and had no core. */
function waitingTime() {
  const descriptor = openSync(`/proc/self/task/${process.pid}/schedstat`);
  const text = Buffer.alloc(64);
  return () => {
    const length = readSync(descriptor, text, 0, text.length, 0);
    return Number(text.latin1Slice(0, length).split(" ")[1]) / 1e6;
  };
}
