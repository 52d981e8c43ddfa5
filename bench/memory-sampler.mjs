/*
 * A thread that looks at the memory of processes until it is told to end, and then says the most it saw and how
 * often it looked. The client it runs beside must not be held up by that.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { proportionalSetSize } from "./memory.mjs";

/** Between two looks, in milliseconds; a look at a process with a large frame takes about one itself. */
const PAUSE = 5;

let peak = 0;
let looks = 0;
parentPort.postMessage("ready");
while (receiveMessageOnPort(parentPort) === undefined) {
  peak = Math.max(peak, proportionalSetSize(workerData));
  looks++;
  await delay(PAUSE);
}
parentPort.postMessage({ peak, looks });
parentPort.close();
