import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { PROGRAMS, Rig, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";
import { flaw } from "./pattern.js";

const MODEL = "ASI290MM Mini";
const DEVICE = `ZWO CCD ${MODEL}`;
const CLIENT = fileURLToPath(new URL("./local-client.py", import.meta.url));

const NEWER = process.env.INDISERVER_NEWER ?? "";
const SERVERS = ["indiserver", ...(NEWER === "" ? [] : [NEWER])];

let rig: Rig;
beforeEach(() => {
  rig = new Rig(MODEL, { ASI_SIM_PATTERN: "1" });
});
afterEach(() => rig.remove());

/** A name in the abstract namespace that nobody else on the machine has. */
const localName = () => join(rig.home, "local");

/** Takes pictures through the local name; how each came. */
async function take(count: number, policy: "keep" | "drop" | "watch"): Promise<string[]> {
  const args = [CLIENT, localName(), DEVICE, `${count}`, rig.home, policy];
  const { stdout } = await promisify(execFile)("python3", args);
  return stdout.trim().split("\n");
}

/** The whole of the sensor. */
const FULL = { left: 0, top: 0, width: 1936, height: 1096, binning: 1 };

/** What is wrong with a picture that the client had mapped at its end. */
function flawOf(frame: number): string | undefined {
  return flaw(readFileSync(join(rig.home, `${frame}`)), { ...FULL, frame }, 12);
}

describe("a client on this machine", () => {
  test("gets every picture as memory to map, pixel for pixel", async () => {
    const daemon = await startDaemon({ models: MODEL, rig, args: ["--unix-socket", localName()] });
    expect(await take(6, "drop")).toEqual(Array(6).fill("attached complete"));
    expect(flawOf(5)).toBeUndefined();
    process.kill(daemon.pid, "SIGUSR2");
    // Six pictures of 1936 x 1096 pixels of two bytes, with a header of 2880 bytes or a few of them.
    await daemon.says(/all clients since the start: sent \d+, handedOver 255\d{5},/);
    await daemon.stop();
  });

  test("may keep pictures: they never change, and the next ones come inline", async () => {
    const daemon = await startDaemon({ models: MODEL, rig, args: ["--unix-socket", localName()] });
    const [attached, inline] = [Array(4).fill("attached complete"), Array(3).fill("inline")];
    expect(await take(7, "keep")).toEqual([...attached, ...inline]);
    expect([0, 1, 2, 3].map(flawOf)).toEqual(Array(4).fill(undefined));
    await daemon.stop();
  });

  test("gets a picture as text that was begun before it came", async () => {
    const daemon = await startDaemon({ models: MODEL, rig, args: ["--unix-socket", localName()] });
    const observer = await Observer.at(daemon.port, DEVICE);
    await observer.connect();
    const picture = observer.expose(2);
    await observer.client.expect(({ tag }) => tag === "set");
    expect(await take(1, "watch")).toEqual(["inline"]);
    expect(flaw((await picture).data, { ...FULL, frame: 0 }, 12)).toBeUndefined();
    expect(await take(1, "drop")).toEqual(["attached complete"]);
    observer.client.close();
    await daemon.stop();
  });

  test("finds us under our name only where no other server has it", async () => {
    const first = await startDaemon({ models: MODEL, rig, args: ["--unix-socket", localName()] });
    const second = await startDaemon({ models: MODEL, args: ["--unix-socket", localName()] });
    expect(second.stderr).toContain(`${localName()} belongs to another server`);
    await second.stop();
    expect(await take(1, "drop")).toEqual(["attached complete"]);
    await first.stop();
  });
});

test.each(SERVERS)(
  "%s passes our memory on, and sends it to a TCP client as text",
  async (program) => {
    const port = await freePort();
    const server = spawn(
      program,
      ["-p", `${port}`, "-u", localName(), "-r", "0", "indi_asid_ccd"],
      { env: { ...rig.env, PATH: `${PROGRAMS.directory}:${rig.env.PATH}` }, stdio: "ignore" },
    );
    onTestFinished(() => void server.kill("SIGTERM"));
    const observer = await eventuallyAt(port);
    await observer.connect();
    const picture = observer.picture();
    expect(await take(1, "drop")).toEqual(["attached complete"]);
    expect(flawOf(0)).toBeUndefined();
    expect(Buffer.compare((await picture).data, readFileSync(join(rig.home, "0")))).toBe(0);
  },
);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port");
  return address.port;
}

async function eventuallyAt(port: number): Promise<Observer> {
  for (const deadline = Date.now() + 10_000; ; await delay(50)) {
    try {
      return await Observer.at(port, DEVICE);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
