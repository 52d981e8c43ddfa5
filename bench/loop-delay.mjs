/*
 * Loaded into the daemon with `node --import`: from the first SIGUSR2 on, watches how long its event loop is held up;
 * at each writes that to the file LOOP_DELAY_FILE and begins anew. Before, it costs nothing.
 */
import { renameSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const file = process.env.LOOP_DELAY_FILE;

// The camera processes inherit the option; they have no clients to keep waiting.
if (isMainThread && process.send === undefined && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  process.on("SIGUSR2", () => {
    delays.enable();
    const [p99, max] = [delays.percentile(99), delays.max].map((nanoseconds) => nanoseconds / 1e6);
    delays.reset();
    writeFileSync(`${file}.new`, JSON.stringify({ p99, max }));
    renameSync(`${file}.new`, file);
  });
}
