/*
 * Cameras that come and go, die and are replaced, are connected and disconnected, and clients that do so: whatever is
 * done often must leave nothing behind. `npm run soak:cycles`, or `node test/soak/cycles.mjs --help`.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Daemon } from "../../bench/daemon.mjs";
import { IndiClient } from "../../dist/indi/indi-client.js";
import { holdings, slope } from "./figures.mjs";

const HELP = `Does what happens to cameras and clients again and again, and says what is left behind.

  node test/soak/cycles.mjs [--kills N] [--plugs N] [--connections N] [--clients N]

  --kills N        camera processes killed, 200 unless given
  --plugs N        cameras unplugged and plugged in again, 200 unless given
  --connections N  cameras connected and disconnected, 1000 unless given
  --clients N      clients that come, ask for everything and leave, 1000 unless given

Exit codes: 0 nothing was left, 1 something was, 2 wrong use.
`;

/** So many cameras at once: rounds take as long as one. */
const MODELS = ["ASI290MM Mini", "ASI120MM", "ASI120MM-S", "ASI178MC"];

/** So many clients at once. */
const CROWD = 20;

/** Longer than the daemon promises to need for anything here, in milliseconds. */
const PATIENCE = 60_000;

/** What stays until somebody gives it back: of the mappings those of files and of shared memory. */
const LASTING = ["processes", "descriptors", "mappings"];

/** What is alive while caches fill is left out of the slope: this part of the rounds. */
const WARM_UP = 0.25;

/** Memory that may be gained by all rounds of a kind, in MB: code that is compiled when it is used often. */
const MOST_GAINED = 12;

/** A camera, and somebody at a client program who uses it. */
class Visitor {
  #client;
  #device;

  static async at(port, device) {
    const visitor = new Visitor();
    visitor.#device = device;
    visitor.#client = await IndiClient.connect({ port });
    visitor.#client.getProperties(device);
    visitor.#client.enableBlob("Also", device);
    await visitor.#until(() => visitor.#client.property(device, "CONNECTION"));
    return visitor;
  }

  get isConnected() {
    return this.#client.property(this.#device, "SDK") !== undefined;
  }

  async connect() {
    this.#client.newSwitches(this.#device, "CONNECTION", { CONNECT: true });
    await this.#until(() => this.isConnected);
  }

  async disconnect() {
    this.#client.newSwitches(this.#device, "CONNECTION", { DISCONNECT: true });
    await this.#until(() => !this.isConnected);
  }

  /** Waits until the camera has lost its connection, or has it back. */
  async becomes(isConnected) {
    await this.#until(() => this.isConnected === isConnected);
  }

  /** Takes a picture; as many attempts as it takes. */
  async expose() {
    for (let isThere = false; !isThere; ) {
      const answer = this.#client.expect(
        (heard) =>
          heard.tag === "set" &&
          heard.device === this.#device &&
          heard.name === "CCD_EXPOSURE" &&
          heard.state !== "Busy" &&
          heard,
        { timeout: PATIENCE },
      );
      this.#client.newNumbers(this.#device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.001 });
      isThere = (await answer).state === "Ok";
    }
  }

  async leave() {
    await this.#client.close();
  }

  async #until(condition) {
    await this.#client.until(() => Boolean(condition()), { timeout: PATIENCE });
  }
}

/** What is done again and again; each round counts for so many cycles. */
const KINDS = {
  kills: {
    what: "camera processes killed",
    cycles: MODELS.length,
    async round(daemon, visitors) {
      for (const pid of cameraProcesses(daemon)) process.kill(pid, "SIGKILL");
      await Promise.all(visitors.map((visitor) => visitor.expose()));
    },
  },
  plugs: {
    what: "unplugged and plugged in again",
    cycles: MODELS.length,
    async round(daemon, visitors) {
      daemon.steer("unplug");
      await Promise.all(visitors.map((visitor) => visitor.becomes(false)));
      daemon.steer("plug");
      await Promise.all(visitors.map((visitor) => visitor.becomes(true)));
      await Promise.all(visitors.map((visitor) => visitor.expose()));
    },
  },
  connections: {
    what: "connected and disconnected",
    cycles: MODELS.length,
    async round(_, visitors) {
      await Promise.all(visitors.map((visitor) => visitor.disconnect()));
      await Promise.all(visitors.map((visitor) => visitor.connect()));
    },
  },
  clients: {
    what: "clients came and left",
    cycles: CROWD,
    async round(daemon) {
      const visit = async () => (await Visitor.at(daemon.port, deviceOf(MODELS[0]))).leave();
      await Promise.all(Array.from({ length: CROWD }, visit));
    },
  },
};

async function main() {
  const times = (count) => ({ type: "string", default: `${count}` });
  const { values } = parseArgs({
    options: {
      kills: times(200),
      plugs: times(200),
      connections: times(1000),
      clients: times(1000),
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const counts = Object.keys(KINDS).map((kind) => [kind, Number(values[kind])]);
  for (const [kind, count] of counts) {
    if (!Number.isInteger(count) || count < 0) throw new TypeError(`--${kind} wants a number.`);
  }
  return cycles(counts);
}

async function cycles(counts) {
  process.env.NODE_OPTIONS = `--import=${new URL("./collect-garbage.mjs", import.meta.url)}`;
  const daemon = await Daemon.start(MODELS.join(","));
  const visitors = await Promise.all(
    MODELS.map((model) => Visitor.at(daemon.port, deviceOf(model))),
  );
  for (const visitor of visitors) await visitor.connect();
  const violations = [];
  for (const [kind, count] of counts)
    violations.push(...(await repeat(daemon, visitors, kind, count)));
  for (const visitor of visitors) await visitor.leave();
  const exitCode = await daemon.stop();
  if (exitCode !== 0) violations.push(`the daemon ended with code ${exitCode}`);
  for (const violation of violations) process.stdout.write(`VIOLATED: ${violation}\n`);
  return violations.length === 0 ? 0 : 1;
}

async function repeat(daemon, visitors, kind, count) {
  const { what, cycles, round } = KINDS[kind];
  const rounds = Math.ceil(count / cycles);
  if (rounds === 0) return [];
  // The first is not like the others: it fills caches.
  await round(daemon, visitors);
  const before = await atRest(daemon);
  const began = performance.now();
  const looks = [];
  for (let number = 1; number <= rounds; number++) {
    await round(daemon, visitors);
    looks.push([number * cycles, holdings(daemon.pid, daemon.pids).anonymousMegabytes]);
  }
  const seconds = (performance.now() - began) / 1000;
  const after = await atRest(daemon);
  const perCycle = slope(looks.slice(Math.floor(looks.length * WARM_UP)));
  const change = (field) => `${field} ${before[field]} -> ${after[field]}`;
  const line = [
    `${rounds * cycles} ${what}, ${seconds.toFixed(0)} s`,
    ...LASTING.map(change),
    `RssAnon ${before.anonymousMegabytes.toFixed(1)} -> ${after.anonymousMegabytes.toFixed(1)} MB`,
    `slope ${(perCycle * 1000).toFixed(1)} kB a cycle`,
  ];
  process.stdout.write(`${line.join("; ")}\n`);
  const left = LASTING.filter((field) => after[field] > before[field]);
  if (perCycle * rounds * cycles > MOST_GAINED) left.push("memory");
  return left.map((field) => `${what}: ${field} were left`);
}

/** What the daemon holds once nothing is going on: the least of some looks. */
async function atRest(daemon) {
  const looks = [];
  for (let number = 0; number < 6; number++) {
    await delay(500);
    const mappings = readFileSync(`/proc/${daemon.pid}/maps`, "latin1").trim().split("\n");
    looks.push({
      ...holdings(daemon.pid, daemon.pids),
      // The others are the heap's.
      mappings: mappings.filter((line) => line.includes("/")).length,
    });
  }
  const fields = Object.keys(looks[0]);
  return Object.fromEntries(
    fields.map((field) => [field, Math.min(...looks.map((look) => look[field]))]),
  );
}

function cameraProcesses(daemon) {
  return daemon.pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("camera-main");
    } catch {
      return false;
    }
  });
}

function deviceOf(model) {
  return `ZWO CCD ${model}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
