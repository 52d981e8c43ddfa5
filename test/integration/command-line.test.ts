import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, PROGRAMS, Rig, startDaemon, startDriver } from "../support/daemon.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

/** The vendor's own library, where this machine has it. */
const VENDOR_LIBRARY = process.env.ASI_VENDOR_LIB ?? "";

/** Runs the program to its end. */
function run(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  return runProgram(PROGRAMS.daemon, env, args);
}

function runProgram(program: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(program, args, { env, timeout: 20_000 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

function rigOf(models: string, env: Readonly<Record<string, string>> = {}): Rig {
  const rig = new Rig(models, env);
  onTestFinished(() => rig.remove());
  return rig;
}

describe("list", () => {
  it("shows the cameras with what they can do as a table", async () => {
    const { env } = rigOf("ASI2600MC Pro,ASI290MM Mini,ASI290MM Mini");
    const { code, stdout } = await run(env, "list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^version +1, 39, 0, 0 \(simulator\)$/m);
    expect(stdout).toMatch(/^3 camera\(s\) attached$/m);
    expect(stdout).toMatch(/^ZWO ASI2600MC Pro +\w{16} +6248 x 4176 .* RGGB cooler +3 on 3$/m);
    const serials = [...stdout.matchAll(/^ZWO ASI290MM Mini +(\w{16}) .* mono ST4 +2 on 2$/gm)];
    expect(new Set(serials.map(([, serial]) => serial)).size).toBe(2);
  });

  it("tells the same as JSON", async () => {
    const { code, stdout } = await run(rigOf("ASI120MM").env, "list", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      libraryPath: PROGRAMS.simulator,
      sdkVersion: "1, 39, 0, 0 (simulator)",
      missingFunctions: [],
      cameras: [
        {
          name: "ZWO ASI120MM",
          hasGuidePort: true,
          hasCooler: false,
          sensor: { width: 1280, height: 960, bitDepth: 12, binnings: [1, 2] },
        },
      ],
    });
  });

  it.each([
    ["simulates the cameras it is told to", {}],
    ["follows the command line rather than the environment", { ASI_SIM_CAMERAS: "ASI120MM" }],
  ])("%s", async (_, env) => {
    const { PATH, HOME } = rigOf("").env;
    const words = ["list", "--json", "--simulate", "ASI178MC"];
    const { stdout } = await run({ PATH, HOME, ...env }, ...words);
    expect(JSON.parse(stdout).cameras).toMatchObject([{ name: "ZWO ASI178MC" }]);
  });

  it("takes no camera for a normal thing", async () => {
    const { code, stdout } = await run(rigOf("").env, "list");
    expect({ code, none: stdout.includes("no camera(s) attached") }).toEqual({
      code: 0,
      none: true,
    });
  });

  it.skipIf(VENDOR_LIBRARY === "")("loads the vendor's own library", async () => {
    const { code, stdout } = await run(rigOf("").env, "list", "--json", "--sdk", VENDOR_LIBRARY);
    expect(code).toBe(0);
    const { libraryPath, sdkVersion, cameras } = JSON.parse(stdout);
    expect({ libraryPath, cameras }).toEqual({ libraryPath: VENDOR_LIBRARY, cameras: [] });
    expect(sdkVersion).toMatch(/^\d+, \d+(, \d+)*/);
  });
});

describe("exit codes and help", () => {
  it.each([["list"], ["serve", "--port", "0"]])(
    "%s ends with 3 where there is no vendor library",
    async (...command) => {
      const { env } = rigOf("");
      const { code, stderr } = await run(env, ...command, "--sdk", "/nowhere/libASICamera2.so");
      expect(code).toBe(3);
      expect(stderr).toContain("/nowhere/libASICamera2.so");
    },
  );

  it("ends with 5 where the port is in use, and says which", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, resolve));
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === "object" && address ? `${address.port}` : "";
    const { code, stderr } = await run(rigOf("ASI120MM").env, "--port", port);
    expect(code).toBe(5);
    expect(stderr).toContain(port);
  });

  it.each([
    [["--port", "seven"]],
    [["--port", "65536"]],
    [["--log-level", "loud"]],
    [["--no-such-option"]],
    [["nonsense"]],
    [["list", "--port", "7624"]],
  ])("ends with 2 after %j", async (args) => {
    const { code, stdout, stderr } = await run(rigOf("ASI120MM").env, ...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("error: ");
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    );
    expect((await run(rigOf("").env, "--version")).stdout).toBe(`${version}\n`);
  });

  it.each([
    [["--help"], ["serve", "list", "snap", "Exit codes", "no usable vendor library"]],
    [
      ["serve", "--help"],
      ["--port", "--listen", "--sdk", "--simulate", "--log-level"],
    ],
    [
      ["list", "--help"],
      ["--json", "--sdk", "--simulate"],
    ],
    [
      ["snap", "--help"],
      ["--host", "--port", "--device", "--exposure", "--gain", "--offset", "--bin", "--output"],
    ],
  ])("%j explains %j", async (args, words) => {
    const { code, stdout } = await run(rigOf("").env, ...args);
    expect(code).toBe(0);
    for (const word of words) expect(stdout).toContain(word);
  });
});

describe("being stopped", () => {
  /** A daemon in the middle of an exposure and a guide pulse. */
  async function busyDaemon(): Promise<DaemonProcess> {
    const daemon = await startDaemon({ models: "ASI290MM Mini" });
    const observer = await Observer.at(daemon.port, DEVICE);
    await observer.connect();
    const { client } = observer;
    client.newNumbers(DEVICE, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 60 });
    client.newNumbers(DEVICE, "TELESCOPE_TIMED_GUIDE_WE", { TIMED_GUIDE_E: 30_000 });
    for (const name of ["CCD_EXPOSURE", "TELESCOPE_TIMED_GUIDE_WE"]) {
      await client.until(() => client.property(DEVICE, name)?.state === "Busy");
    }
    return daemon;
  }

  it.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends an exposure and a guide pulse: in time, relays open, camera closed, nothing left",
    async (signal) => {
      const daemon = await busyDaemon();
      const { rig } = daemon;
      await daemon.expectEnd(() => process.kill(daemon.pid, signal));
      const calls = rig.trace();
      const closed = calls.findLastIndex((line) => / ASICloseCamera = /.test(line));
      const opened = calls.findLastIndex((line) => / ASIPulseGuideOff .*= /.test(line));
      const last = calls.findLastIndex((line) => / ASIPulseGuideOn /.test(line));
      expect(last).toBeGreaterThan(0);
      expect(opened).toBeGreaterThan(last);
      expect(closed).toBeGreaterThan(opened);
      expect(rig.steer("status")).toMatch(/ASI290MM Mini .* ----\n/);
      rig.remove();
    },
  );

  it("under indiserver it ends with the input, in the middle of an exposure", async () => {
    const rig = rigOf("ASI290MM Mini");
    const { program, peer } = startDriver(rig);
    peer.send('<getProperties version="1.7"/>');
    await peer.expect("defSwitchVector", { device: DEVICE, name: "CONNECTION" });
    peer.send(
      `<newSwitchVector device="${DEVICE}" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>` +
        `<newNumberVector device="${DEVICE}" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">60</oneNumber></newNumberVector>`,
    );
    await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
    await program.expectEnd(() => peer.close());
  });

  it("under indiserver it ends with 2 where its memory is none, and says why", async () => {
    const rig = rigOf("ASI290MM Mini", { INDI_ASID_MAX_MEMORY: "much" });
    const { code, stderr } = await runProgram(PROGRAMS.driver, rig.env);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "indi_asid_ccd: INDI_ASID_MAX_MEMORY is 'much'. A size is a number of bytes such as 400M or 1.5G.\n",
    });
  });

  it("is clean with no client and no camera connected", async () => {
    const daemon = await startDaemon({ models: "ASI290MM Mini" });
    await daemon.stop("SIGINT");
  });

  it("is in time although the vendor library hangs in a search for cameras", async () => {
    const daemon = await startDaemon({ models: "ASI290MM Mini" });
    const { rig } = daemon;
    rig.steer("hang", "ASIGetNumOfConnectedCameras", "60000");
    // What was ordered is no longer listed once it has begun.
    await expect.poll(() => rig.steer("status"), { timeout: 5_000 }).not.toContain("ordered");
    await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
    rig.remove();
  });
});

it("takes of a driver's arguments -v, which means nothing, and tells its usage for others", async () => {
  const { env } = rigOf("ASI120MM");
  const refused = await runProgram(PROGRAMS.driver, env, ["--help"]);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/^Usage: indi_asid_ccd \[-v\]\n/);
  // Its standard input ends at once.
  expect(
    await runProgram("/bin/sh", env, ["-c", '"$0" -v -vv </dev/null', PROGRAMS.driver]),
  ).toMatchObject({ code: 0 });
});

it("listens only where it is told to", async () => {
  const args = ["--listen", "127.0.0.2"];
  const daemon = await startDaemon({ models: "ASI120MM", args });
  onTestFinished(() => daemon.stop());
  const peer = await Conversation.connect(daemon.port, "127.0.0.2");
  peer.send('<getProperties version="1.7"/>');
  await peer.expect("defTextVector", { device: "ZWO CCD ASI120MM", name: "DRIVER_INFO" });
  peer.close();
  await expect(Conversation.connect(daemon.port, "127.0.0.1")).rejects.toThrow("ECONNREFUSED");
});

it.skipIf(VENDOR_LIBRARY === "")(
  "serves on the vendor's own library without cameras, and ends cleanly",
  async () => {
    const daemon = await startDaemon({ models: "", args: ["--sdk", VENDOR_LIBRARY] });
    expect(daemon.stderr).toContain("0 camera(s) attached");
    const peer = await Conversation.connect(daemon.port);
    peer.send('<getProperties version="1.7"/>');
    expect(await peer.hearAll()).toEqual([]);
    peer.close();
    await daemon.stop();
  },
);
