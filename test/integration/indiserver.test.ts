import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation } from "../support/conversation.js";
import {
  type DaemonProcess,
  descendantsOf,
  isAlive,
  PROGRAMS,
  Rig,
  startDaemon,
} from "../support/daemon.js";
import { Observer } from "./observer.js";
import { flaw } from "./pattern.js";

const MODEL = "ASI290MM Mini";
const DEVICE = `ZWO CCD ${MODEL}`;

const NEWER = process.env.INDISERVER_NEWER ?? "";

/** The system's indiserver, and one that the environment names. */
const SERVERS = [
  ["the system's indiserver", "indiserver"],
  ...(NEWER === "" ? [] : [["the indiserver of $INDISERVER_NEWER", NEWER] as const]),
] as const;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const server of started.splice(0)) server.kill("SIGKILL");
});

/** What the pattern's full frame shows. */
const shown = (frame: number) =>
  ({ left: 0, top: 0, width: 1936, height: 1096, binning: 1, frame }) as const;

/** An indiserver at work with one driver, local or remote. */
class Server {
  readonly port: number;
  readonly #process: ChildProcess;
  #log = "";

  constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
    process.stderr?.setEncoding("utf8").on("data", (text) => {
      this.#log += text;
    });
  }

  static async start(program: string, driver: string, rig: Rig): Promise<Server> {
    const port = await freePort();
    const path = `${PROGRAMS.directory}:${rig.env.PATH}`;
    // A name of its own, beside which another indiserver may run on this machine.
    const socket = join(rig.home, "indiserver");
    const child = spawn(program, ["-p", `${port}`, "-u", socket, "-r", "0", driver], {
      env: { ...rig.env, PATH: path },
      stdio: ["ignore", "ignore", "pipe"],
    });
    started.push(child);
    const server = new Server(child, port);
    await server.#listening();
    return server;
  }

  get family(): readonly number[] {
    return descendantsOf(this.#process.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      throw new Error(`indiserver has ended by itself:\n${this.#log}`);
    }
    this.#process.kill("SIGTERM");
    await once(this.#process, "exit");
  }

  async #listening(): Promise<void> {
    for (const deadline = Date.now() + 10_000; ; await delay(20)) {
      try {
        (await Conversation.connect(this.port)).close();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(this.#log, { cause: error });
      }
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port");
  return address.port;
}

describe.each(SERVERS)("%s", (_, program) => {
  describe("with our driver", () => {
    let rig: Rig;
    let server: Server;
    beforeEach(async () => {
      rig = new Rig(MODEL, { ASI_SIM_PATTERN: "1" });
      server = await Server.start(program, "indi_asid_ccd", rig);
    });
    afterEach(() => rig.remove());

    it("delivers pictures of a local camera, pixel for pixel", async () => {
      const observer = await Observer.at(server.port, DEVICE);
      await observer.connect();
      for (const frame of [0, 1]) {
        const { data, format } = await observer.expose(0.01);
        expect(format).toBe(".fits");
        expect(flaw(data, shown(frame), 12)).toBeUndefined();
      }
      await server.stop();
    });

    it("takes the driver along when it ends in the middle of an exposure, with all relays open", async () => {
      const observer = await Observer.at(server.port, DEVICE);
      await observer.connect();
      observer.client.newNumbers(DEVICE, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 60 });
      observer.client.newNumbers(DEVICE, "TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 30_000 });
      await observer.client.until(
        () => observer.client.property(DEVICE, "TELESCOPE_TIMED_GUIDE_NS")?.state === "Busy",
      );
      const { family } = server;
      expect(family.length).toBeGreaterThanOrEqual(2);
      await server.stop();
      for (const deadline = Date.now() + 3_000; Date.now() < deadline; await delay(20)) {
        if (!family.some(isAlive)) break;
      }
      expect(family.filter(isAlive)).toEqual([]);
      expect(rig.steer("status")).toMatch(/ASI290MM Mini .* - .* ----\n/);
    });
  });

  describe("in front of our daemon", () => {
    let daemon: DaemonProcess;
    beforeEach(async () => {
      daemon = await startDaemon({
        models: `${MODEL},ASI120MM`,
        env: { ASI_SIM_PATTERN: "1" },
      });
    });
    afterEach(() => daemon.stop());

    it.each([
      ["the camera it names", `${DEVICE}@localhost:`, [DEVICE]],
      ["all cameras if it names none", "@localhost:", ["ZWO CCD ASI120MM", DEVICE]],
    ])("delivers pictures of %s", async (_, address, devices) => {
      const server = await Server.start(program, `${address}${daemon.port}`, daemon.rig);
      const observer = await Observer.at(server.port, DEVICE);
      await observer.connect();
      const { data } = await observer.expose(0.01);
      expect(flaw(data, shown(0), 12)).toBeUndefined();
      // indiserver asks for all devices on its own, so more than the named one may be there.
      expect(observer.client.devices).toEqual(expect.arrayContaining(devices));
      await server.stop();
    });

    it("gives pictures only to those who enabled them", async () => {
      const server = await Server.start(program, `${DEVICE}@localhost:${daemon.port}`, daemon.rig);
      const watcher = await Conversation.connect(server.port);
      watcher.send(
        `<getProperties version="1.7"/><enableBLOB device="${DEVICE}">Never</enableBLOB>`,
      );
      const observer = await Observer.at(server.port, DEVICE);
      await observer.connect();
      await observer.expose(0.01);
      await watcher.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
      await watcher.expectNothing("setBLOBVector");
      await server.stop();
    });
  });
});
