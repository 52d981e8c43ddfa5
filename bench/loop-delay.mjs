/*
 * Loaded into the daemon with `node --import`: watches how long its event loop is held up, and on SIGUSR2
 * writes that to the file LOOP_DELAY_FILE and begins anew.
 */
import { renameSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const file = process.env.LOOP_DELAY_FILE;

// The camera processes inherit the option; they have no clients to keep waiting.
if (isMainThread && process.send === undefined && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  process.on("SIGUSR2", () => {
    const [p99, max] = [delays.percentile(99), delays.max].map((nanoseconds) => nanoseconds / 1e6);
    delays.reset();
    writeFileSync(`${file}.new`, JSON.stringify({ p99, max }));
    renameSync(`${file}.new`, file);
  });
}
