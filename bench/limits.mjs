import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
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

/** Messages of the plain sender asked for ahead: its pipe must not run dry. */
const AHEAD = 32;

/**
 * Messages of that many bytes a second that a minimal program sends to the client the daemon is measured with.
 *
 * @param {number} bytes
 * @param {number} seconds
 */
export async function loopbackRate(bytes, seconds) {
  const sender = fork(SENDER, [`${bytes}`]);
  const [port] = await once(sender, "message");
  const client = await WireClient.connect(port);
  let messages = 0;
  client.watchBlobs(() => {
    messages++;
    client.send("!");
  });
  client.send("!".repeat(AHEAD));
  const started = performance.now();
  await delay(seconds * 1000);
  const rate = messages / ((performance.now() - started) / 1000);
  client.close();
  await once(sender, "exit");
  return rate;
}
