import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ASI_SIM, CODES, LIBRARY } from "./world.js";

const directory = mkdtempSync(join(tmpdir(), "asi-processes-"));
const client = join(directory, "client");
const trace = join(directory, "trace");
const children: ChildProcess[] = [];
let state = "";
let worlds = 0;

beforeAll(() => {
  const simulator = join(dirname(LIBRARY), "..");
  execFileSync("make", ["-s", "-C", simulator]);
  execFileSync("cc", [
    join(import.meta.dirname, "client.c"),
    `-I${simulator}/include`,
    LIBRARY,
    `-Wl,-rpath,${dirname(LIBRARY)}`,
    "-o",
    client,
  ]);
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  state = join(directory, `state-${worlds++}`);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const environment = () => ({
  ...process.env,
  ASI_SIM_STATE: state,
  ASI_SIM_CAMERAS: "ASI120MM-S,ASI290MM Mini",
  ASI_SIM_TRACE: trace,
  ASI_SIM_USB_MBPS: "0",
});

/** Starts a process that uses the library; what it answers to a line is a number or text. */
function start() {
  const child = spawn(client, { env: environment(), stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => String((await answers.next()).value);
  const ask = async (text: string) => {
    child.stdin.write(`${text}\n`);
    return Number(await line());
  };
  const open = async (id: number) => [
    await ask("count"),
    await ask(`open ${id}`),
    await ask(`init ${id}`),
  ];
  return { child, ask, line, open };
}

/** Runs the steering command. */
const steer = (...words: string[]) =>
  spawnSync(ASI_SIM, words, { env: environment(), encoding: "utf8" });

/** A row of `asi-sim status`, by column. */
function row(camera: number) {
  const line = steer("status").stdout.split("\n")[camera + 1] ?? "";
  const found = /^ *\d+ {2}(.{23}) {2}(\S+) +(\S+) +(\d+) +(\S+) +\S+ +(\S+) +\S+ +(\S+)$/.exec(
    line,
  );
  const [, model = "", plugged, owner, frames, , , relays] = found ?? [];
  return { model: model.trim(), plugged, owner, frames, relays };
}

describe("several processes", () => {
  it("see one camera open in one of them at a time", async () => {
    const [first, second] = [start(), start()];
    expect(await first.open(0)).toEqual([2, 0, 0]);
    expect(await second.open(0)).toEqual([2, CODES.GENERAL_ERROR, CODES.CAMERA_CLOSED]);
    expect(row(0).owner).toBe(String(first.child.pid));
    expect(await first.ask("close 0")).toBe(0);
    expect(await second.ask("open 0")).toBe(0);
    expect(row(0).owner).toBe(String(second.child.pid));
  });

  it("find a camera closed whose process was killed, with its relay still on", async () => {
    const [first, second] = [start(), start()];
    await first.open(1);
    expect(await first.ask("on 1 2")).toBe(0);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    expect(row(1)).toMatchObject({ owner: "-", relays: "--E-" });
    expect(await second.open(1)).toEqual([2, 0, 0]);
    steer("unplug", "--camera", "1");
    expect(row(1)).toMatchObject({ plugged: "no", relays: "----" });
  });

  it("see a camera go and come from outside", async () => {
    const { ask, open } = start();
    await open(0);
    await ask("start 0 0");
    expect(steer("unplug", "--camera", "0").status).toBe(0);
    expect(row(0).plugged).toBe("no");
    expect(await ask("status 0")).toBe(-CODES.CAMERA_REMOVED);
    expect(await ask("count")).toBe(1);
    expect(await ask("open 1")).toBe(0);
    expect(steer("plug", "--camera", "0").status).toBe(0);
    expect(await ask("close 0")).toBe(0);
    expect(await ask("count")).toBe(2);
    expect(await ask("open 0")).toBe(0);
    // A process that comes later counts for itself.
    expect(await start().open(0)).toEqual([2, CODES.GENERAL_ERROR, CODES.CAMERA_CLOSED]);
  });

  it("can open a camera that was plugged in again, whoever has its dead handle", async () => {
    const [first, second] = [start(), start()];
    await first.open(0);
    steer("unplug", "--camera", "0");
    steer("plug", "--camera", "0");
    expect(await second.open(0)).toEqual([2, 0, 0]);
    expect(await first.ask("status 0")).toBe(-CODES.CAMERA_REMOVED);
    expect(await first.ask("close 0")).toBe(0);
    expect(await second.ask("status 0")).toBe(0);
    expect(await first.open(0)).toEqual([2, CODES.GENERAL_ERROR, CODES.CAMERA_CLOSED]);
  });

  it("see cameras that are added", async () => {
    const { ask } = start();
    expect(await ask("count")).toBe(2);
    expect(steer("add", "ASI178MC").status).toBe(0);
    expect(await ask("count")).toBe(3);
    expect(row(2).model).toBe("ZWO ASI178MC");
  });
});

describe("a fault", () => {
  it("returns a code so many times, of one camera only", async () => {
    const { ask, open } = start();
    await open(0);
    await open(1);
    steer("fail", "ASIStartExposure", "16", "2", "--camera", "0");
    expect(await ask("start 1 0")).toBe(0);
    expect(await ask("start 0 0")).toBe(16);
    expect(await ask("start 0 0")).toBe(16);
    expect(await ask("start 0 0")).toBe(0);
  });

  it("makes a call hang", async () => {
    const { ask, open } = start();
    await open(0);
    steer("hang", "ASIGetExpStatus", "200");
    const begin = performance.now();
    expect(await ask("status 0")).toBe(0);
    expect(performance.now() - begin).toBeGreaterThan(199);
  });

  it("crashes the process inside the call, and no other", async () => {
    const [first, second] = [start(), start()];
    await first.open(0);
    await second.open(1);
    steer("crash", "ASIStartExposure", "--camera", "0");
    first.child.stdin.write("start 0 0\n");
    const [, signal] = await once(first.child, "exit");
    expect(signal).toBe("SIGABRT");
    expect(await second.ask("start 1 0")).toBe(0);
    expect(await second.ask("open 0")).toBe(0);
    expect(readFileSync(trace, "utf8")).toMatch(/ 0 ASIStartExposure 0 = crash\n/);
  });

  it("prints to stdout inside a call", async () => {
    const { child, line } = start();
    steer("print", "ASIGetNumOfConnectedCameras");
    child.stdin.write("count\n");
    expect(await line()).toBe("asi-sim: ASIGetNumOfConnectedCameras prints to stdout");
    expect(await line()).toBe("2");
  });

  it("lets exposures fail or never end, until they are stopped", async () => {
    const { ask, open } = start();
    await open(0);
    steer("exposure-fail");
    await ask("start 0 0");
    let status = 1;
    while (status === 1) status = await ask("status 0");
    expect(status).toBe(3);
    steer("exposure-stuck");
    await ask("start 0 0");
    const begin = performance.now();
    while (performance.now() - begin < 100) expect(await ask("status 0")).toBe(1);
  });

  it("is forgotten on clear", async () => {
    const { ask, open } = start();
    await open(0);
    steer("fail", "*", "16", "100");
    expect(await ask("status 0")).toBe(-16);
    expect(steer("status").stdout).toContain("ordered: fail * value 16");
    steer("clear");
    expect(await ask("status 0")).toBe(0);
  });
});

describe("the trace", () => {
  it("has a line for a call: time, microseconds, process, camera, function, result", async () => {
    const { child, ask, open } = start();
    await open(1);
    const before = process.hrtime.bigint();
    await ask("on 1 3");
    const line = readFileSync(trace, "utf8").trimEnd().split("\n").at(-1) ?? "";
    const found = /^(\d+)\.(\d{9}) (\d+) (\d+) (\S+) (.*)$/.exec(line) ?? [];
    const [, seconds, nanoseconds, duration, pid, camera, call] = found;
    expect(call).toBe("ASIPulseGuideOn 3 = 0");
    expect(Number(pid)).toBe(child.pid);
    expect(camera).toBe("1");
    const time = BigInt(`${seconds}${nanoseconds}`);
    expect(time).toBeGreaterThan(before);
    expect(time).toBeLessThan(process.hrtime.bigint());
    expect(Number(duration)).toBeLessThan(10_000);
  });
});

describe("the command", () => {
  it("explains itself and refuses what it does not know", () => {
    expect(steer("--help")).toMatchObject({ status: 0 });
    expect(steer("--help").stdout).toContain("exposure-stuck");
    expect(steer("frobnicate")).toMatchObject({ status: 2 });
    expect(steer("fail", "ASIStartExposure")).toMatchObject({ status: 2 });
    expect(steer("unplug", "--camera", "9")).toMatchObject({ status: 1 });
    expect(steer("add", "ASI9999")).toMatchObject({ status: 1 });
    expect(steer("models").stdout).toContain("ZWO ASI6200MM Pro       9576 x 6388  mono, cooled");
  });

  it("does not take a file for its state that is something else", () => {
    writeFileSync(state, "important");
    expect(steer("status").stderr).toContain("cannot be the state");
    expect(readFileSync(state, "utf8")).toBe("important");
  });
});
