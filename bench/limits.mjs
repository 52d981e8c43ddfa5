import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { processorTime } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const SENDER = fileURLToPath(new URL("./plain-sender.mjs", import.meta.url));

/**
 * Copies bytes in memory; gives the milliseconds each copy takes.
 *
 * @param {number} bytes
 */
export function memoryCopy(bytes) {
  const [from, to] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes, 2)];
  return () => {
    const started = performance.now();
    from.copy(to);
    return performance.now() - started;
  };
}

/** A minimal program that sends so many bytes to the client the daemon is measured with, whenever it is asked. */
export class PlainSend {
  #sender;
  #client;

  constructor(sender, client) {
    this.#sender = sender;
    this.#client = client;
  }

  /** @param {number} bytes */
  static async start(bytes) {
    const sender = fork(SENDER, [`${bytes}`]);
    const [port] = await once(sender, "message");
    return new PlainSend(sender, await WireClient.connect(port));
  }

  /** Sends once: the milliseconds until the client has the last byte, and those of CPU that the sender used. */
  async send() {
    const pids = [this.#sender.pid];
    const [before, started] = [processorTime(pids), performance.now()];
    this.#client.send("!");
    await this.#client.expect(/<\/setBLOBVector>/);
    const milliseconds = performance.now() - started;
    return { milliseconds, cpu: processorTime(pids) - before };
  }

  async end() {
    this.#client.close();
    await once(this.#sender, "exit");
  }
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
