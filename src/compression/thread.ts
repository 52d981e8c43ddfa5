import { parentPort } from "node:worker_threads";
import { memoryAt } from "../posix/index.js";
import type { Answer, Order } from "./compressor.js";
import { compress } from "./jobs.js";

/* The thread that compresses: pictures take up to seconds, which the daemon's own thread does not have. */

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
