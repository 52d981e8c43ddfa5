import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { takeSnapshot } from "../../src/snap/snap.js";

const SILENT = { message: () => {}, exposing: () => {}, downloading: () => {}, end: () => {} };

let folder: string;
let port: number;
let server: ChildProcess;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address ? address.port : 0;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "snap-"));
  port = await freePort();
  const env = { ...process.env, HOME: folder };
  // A local socket of its own: one indiserver a machine has the usual one.
  const options = ["-p", `${port}`, "-u", join(folder, "socket")];
  server = spawn("indiserver", [...options, "indi_simulator_ccd"], { env, stdio: "ignore" });
  await once(server, "spawn");
});

afterAll(async () => {
  server.kill();
  await once(server, "exit");
  await rm(folder, { recursive: true, force: true });
});

test("a picture is taken with INDI's own simulator behind indiserver", async () => {
  const output = join(folder, "simulated.fits");
  const result = await takeSnapshot(
    {
      host: "localhost",
      port,
      seconds: 1,
      gain: 80,
      bin: 2,
      roi: { left: 200, top: 100, width: 800, height: 600 },
      frameType: "light",
      output,
      waitSeconds: 20,
      graceSeconds: 20,
    },
    SILENT,
    new AbortController().signal,
  );

  expect(result).toEqual({
    device: "CCD Simulator",
    file: output,
    png: join(folder, "simulated.png"),
  });
  const frame = readFits(await readFile(output));
  expect(frame).toMatchObject({ width: 400, height: 300, bits: 16 });
  expect(frame.keywords.get("EXPTIME")).toBe(1);
  expect(frame.keywords.get("XBINNING")).toBe(2);
  expect(frame.keywords.get("FRAME")).toBe("Light");
  expect(decode(await readFile(join(folder, "simulated.png")))).toMatchObject({
    width: 400,
    height: 300,
  });
});
