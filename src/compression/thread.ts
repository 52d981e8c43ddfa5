import { parentPort } from "node:worker_threads";
import { memoryAt, preferNoLonger } from "../posix/index.js";
import type { Answer, Order } from "./compressor.js";
import { compress } from "./jobs.js";

/* The thread that compresses: pictures take up to seconds, which the daemon's own thread does not have. */

// What waits for it waits longer for the wire: clients of this machine need not stand back.
preferNoLonger();

parentPort?.on("message", ({ id, job, address, length }: Order) => {
  try {
    const result = compress(memoryAt(address, length), job);
    const answer: Answer = { id, result };
    parentPort?.postMessage(answer, [result.buffer]);
  } catch (error) {
    const answer: Answer = { id, error: `${error}` };
    parentPort?.postMessage(answer);
  }
});
