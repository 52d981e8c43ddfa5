/*
 * A thread that does nothing but wait as exactly as guide pulses do, preferred by the system as theirs is: how late this
 * machine lets anybody be. Arguments: milliseconds of each wait. Ends at the first message, and sends the longest
 * delay in milliseconds.
 */
import { preferThisThread } from "../dist/posix/index.js";

/** The last stretch is spent awake. */
const AWAKE = 0.3;

const lengths = process.argv.slice(2).map(Number);
const bell = new Int32Array(new SharedArrayBuffer(4));
let longest = 0;

function wait(length) {
  const end = performance.now() + length;
  Atomics.wait(bell, 0, 0, length - AWAKE);
  while (performance.now() < end);
  longest = Math.max(longest, performance.now() - end);
}

preferThisThread();
let turn = 0;
const waiting = setInterval(() => wait(lengths[turn++ % lengths.length]), 3);
process.once("message", () => {
  clearInterval(waiting);
  process.send?.(longest);
  process.disconnect();
});
