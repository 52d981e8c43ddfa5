import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { memoryAt } from "../../posix/index.js";
import { TurnWork } from "./turn-work.js";
import type { TurnOrder } from "./turner.js";

/* The thread that helps to put large pictures into the order of FITS. It sleeps in the kernel: an event loop would be
 * awake half a millisecond later. */

function isOrder(message: unknown): message is TurnOrder {
  return typeof message === "object" && message !== null && "shared" in message;
}

function nextOrder(): TurnOrder | undefined {
  const order = parentPort === null ? undefined : receiveMessageOnPort(parentPort)?.message;
  return isOrder(order) ? order : undefined;
}

/** The mapped memory that was seen so far; mappings stay. */
const seen = new Map<bigint, Uint8Array>();

/** As an array that is made once: for each new one of this size the engine would collect garbage at once. */
function memoryOf({ address, bytes }: TurnOrder["mapping"]): Uint8Array {
  const known = seen.get(address);
  if (known?.length === bytes) return known;
  const memory = memoryAt(address, bytes);
  seen.set(address, memory);
  return memory;
}

function run(bell: Int32Array): never {
  for (;;) {
    const rings = Atomics.load(bell, 0);
    for (let order = nextOrder(); order !== undefined; order = nextOrder()) {
      const { mapping, offset, bytes, shared } = order;
      const work = new TurnWork(memoryOf(mapping).subarray(offset, offset + bytes), shared);
      // Where it comes too late there is nothing left, and the memory is not touched.
      while (work.turnPart());
      parentPort?.postMessage(null);
    }
    Atomics.wait(bell, 0, rings);
  }
}

if (workerData instanceof Int32Array) run(workerData);
