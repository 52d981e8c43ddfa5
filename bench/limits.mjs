import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";
import { WireClient } from "./wire-client.mjs";

const SENDER = fileURLToPath(new URL("./plain-sender.mjs", import.meta.url));

/**
 * Milliseconds the machine takes to copy that many bytes in memory.
 *
 * @param {number} bytes
 * @param {number} runs
 */
export function memoryCopy(bytes, runs) {
  const [from, to] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes, 2)];
  return median(
    Array.from({ length: runs }, () => {
      const started = performance.now();
      from.copy(to);
      return performance.now() - started;
    }),
  );
}

/**
 * Milliseconds a minimal program takes to send that many bytes to the client the daemon is measured with.
 *
 * @param {number} bytes
 * @param {number} runs
 */
export async function loopbackSend(bytes, runs) {
  const sender = fork(SENDER, [`${bytes}`]);
  const [port] = await once(sender, "message");
  const client = await WireClient.connect(port);
  const times = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    client.send("!");
    await client.expect(/<\/setBLOBVector>/);
    times.push(performance.now() - started);
  }
  client.close();
  await once(sender, "exit");
  return median(times);
}
