import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";
import { flaw } from "./pattern.js";

const COLOUR = "ZWO CCD ASI178MC";
const GUIDE = "ZWO CCD ASI290MM Mini";

let daemon: DaemonProcess;
let directory: string;
beforeAll(async () => {
  daemon = await startDaemon({
    models: "ASI178MC,ASI290MM Mini",
    env: { ASI_SIM_PATTERN: "1" },
  });
});
afterAll(() => daemon.stop());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "indi-tools-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; a program that is still there after 20 s has failed. */
function run(program: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd: directory, timeout: 20_000 },
      (error, stdout, stderr) => {
        if (child.exitCode === null) reject(error);
        else resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}

const getprop = (...args: readonly string[]) =>
  run("indi_getprop", "-p", `${daemon.port}`, "-t", "5", ...args);
const setprop = (...args: readonly string[]) =>
  run("indi_setprop", "-p", `${daemon.port}`, "-t", "5", ...args);

/** indi_setprop leaves as soon as it has asked: what it asked for shows a moment later. */
async function shows(name: string, value: string): Promise<void> {
  const shown = async () => (await getprop(`${COLOUR}.${name}`)).stdout;
  await expect.poll(shown, { timeout: 10_000 }).toBe(`${COLOUR}.${name}=${value}\n`);
}

describe("indi_getprop and indi_setprop", () => {
  it("list every property of a camera and connect it", async () => {
    const before = await getprop("-t", "1", `${COLOUR}.*.*`);
    expect(before.stdout).toContain(`${COLOUR}.CONNECTION.DISCONNECT=On`);
    expect(before.stdout).toContain(`${COLOUR}.DRIVER_INFO.DRIVER_INTERFACE=6`);
    expect(before.stdout).not.toContain("CCD_EXPOSURE");

    expect(await setprop(`${COLOUR}.CONNECTION.CONNECT=On`)).toMatchObject({ code: 0 });
    expect(await getprop(`${COLOUR}.SDK.VERSION`)).toMatchObject({ code: 0 });
    const connected = await getprop(`${COLOUR}.CONNECTION._STATE`);
    expect(connected).toMatchObject({ code: 0, stdout: `${COLOUR}.CONNECTION._STATE=Ok\n` });

    const { stdout } = await getprop("-t", "1", `${COLOUR}.*.*`);
    const properties = new Set(stdout.split("\n").map((line) => line.split(".")[1]));
    const expected = [
      "CONNECTION",
      "DRIVER_INFO",
      "POLLING_PERIOD",
      "DEBUG",
      "NICKNAME",
      "SIMULATION",
      "CONFIG_PROCESS",
      "ACTIVE_DEVICES",
      "CCD_FRAME_TYPE",
      "CCD_FRAME",
      "CCD_BINNING",
      "CCD_CAPTURE_FORMAT",
      "CCD_INFO",
      "CCD_TEMPERATURE",
      "CCD_CFA",
      "SCOPE_INFO",
      "CCD_CONTROLS",
      "CCD_CONTROLS_MODE",
      "CCD_TRANSFER_FORMAT",
      "CCD_EXPOSURE",
      "CCD_ABORT_EXPOSURE",
      "CCD_VIDEO_STREAM",
      "STREAM_DELAY",
      "FPS",
      "STREAM_STATS",
      "STREAM_FULL_DEPTH",
      "STREAMING_EXPOSURE",
      "STREAM_AUTO_EXPOSURE",
      "CCD_STREAM_ENCODER",
      "LIMITS",
      "RECORD_STREAM",
      "RECORD_FILE",
      "RECORD_OPTIONS",
      "CCD_STREAM_RECORDER",
      "RECORD_STATS",
      "CCD_STREAM_FRAME",
      "ADC_DEPTH",
      "SDK",
      "Serial Number",
      "CAMERA_STATE",
      "LAST_EXPOSURE",
      "CCD_STOP_EXPOSURE",
      "CCD_GAIN_PRESET",
      "SENSOR_ELECTRONS",
      "DARK_SUBTRACT_FILE",
      "DARK_SUBTRACT",
      "CAMERA_ID",
      "CAMERA_ID_LOCK",
      "TELESCOPE_TIMED_GUIDE_NS",
      "TELESCOPE_TIMED_GUIDE_WE",
    ];
    // Others stand between them; which ones and how they look is compared with the C++ driver's elsewhere.
    expect([...properties].filter((name) => expected.includes(name ?? ""))).toEqual(
      expect.arrayContaining(expected),
    );
    expect(stdout).toContain(`${COLOUR}.CCD_INFO.CCD_MAX_X=3096\n`);
  });

  it("set numbers, switches and texts, also without asking for definitions first", async () => {
    await setprop(`${COLOUR}.CCD_BINNING.HOR_BIN=2;VER_BIN=2`);
    await setprop("-n", `${COLOUR}.CCD_CONTROLS.Gain=123`);
    await setprop("-s", `${COLOUR}.CCD_FRAME_TYPE.FRAME_FLAT=On`);
    await setprop("-x", `${COLOUR}.ACTIVE_DEVICES.ACTIVE_FOCUSER=Robo`);
    const answers = [
      ["CCD_BINNING.VER_BIN", "2"],
      ["CCD_CONTROLS.Gain", "123"],
      ["CCD_FRAME_TYPE.FRAME_FLAT", "On"],
      ["CCD_FRAME_TYPE.FRAME_LIGHT", "Off"],
      ["ACTIVE_DEVICES.ACTIVE_FOCUSER", "Robo"],
    ] as const;
    for (const [name, value] of answers) {
      await shows(name, value);
    }
    await setprop(`${COLOUR}.CCD_BINNING.HOR_BIN=1;VER_BIN=1`);
    await setprop(`${COLOUR}.CCD_FRAME_TYPE.FRAME_LIGHT=On`);
    await shows("CCD_BINNING.HOR_BIN", "1");
    await shows("CCD_FRAME_TYPE.FRAME_LIGHT", "On");
  });

  it("tell of wrong values by exit codes and states, and leave the right ones", async () => {
    expect((await setprop("-t", "1", `${COLOUR}.NOSUCH.NOSUCH=1`)).code).not.toBe(0);
    expect((await setprop("-t", "1", `${COLOUR}.CCD_INFO.CCD_MAX_X=1`)).code).not.toBe(0);
    await setprop("-n", `${COLOUR}.CCD_BINNING.HOR_BIN=9;VER_BIN=9`);
    await shows("CCD_BINNING._STATE", "Alert");
    expect((await getprop("-1", `${COLOUR}.CCD_BINNING.HOR_BIN`)).stdout).toBe("1\n");
  });

  it("take a picture, which indi_getprop writes to a file, pixel for pixel", async () => {
    await setprop(`${COLOUR}.CCD_FRAME.X=301;Y=201;WIDTH=333;HEIGHT=155`);
    await setprop(`${COLOUR}.CCD_CAPTURE_FORMAT.ASI_IMG_RAW16=On`);
    const waiting = getprop(`${COLOUR}.CCD1.CCD1`);
    // The picture must not be there before somebody waits for it.
    await setprop(`${COLOUR}.CCD_EXPOSURE.CCD_EXPOSURE_VALUE=1`);
    expect(await waiting).toMatchObject({ code: 0 });
    const file = readFileSync(join(directory, `${COLOUR}.CCD1.CCD1.fits`));
    const shown = { left: 301, top: 201, width: 333, height: 155, binning: 1, frame: 0 };
    expect(flaw(file, shown, 14)).toBeUndefined();
  });
});

it("serves two people with two cameras at once, each with the own pictures", async () => {
  const [main, guide] = await Promise.all([
    Observer.at(daemon.port, COLOUR),
    Observer.at(daemon.port, GUIDE),
  ]);
  await Promise.all([main.connect(), guide.connect()]);
  await main.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 640, HEIGHT: 480 });
  const long = main.expose(1);
  for (const frame of [0, 1, 2]) {
    const { data } = await guide.expose(0.1);
    const shown = { left: 0, top: 0, width: 1936, height: 1096, binning: 1, frame };
    expect(flaw(data, shown, 12)).toBeUndefined();
  }
  expect(main.values("CCD_EXPOSURE").CCD_EXPOSURE_VALUE).not.toBe("0");
  const shown = { left: 0, top: 0, width: 640, height: 480, binning: 1, frame: 1 };
  expect(flaw((await long).data, shown, 14)).toBeUndefined();
});

describe("the files", () => {
  it.each(["RAW8", "RAW16", "RGB24", "Y8"])("are faultless to fitsverify as %s", async (format) => {
    const file = await picture(format);
    const { stdout } = await run("fitsverify", file);
    expect(stdout).toContain("0 warning(s) and 0 error(s)");
  });

  it("are read by astropy with the same header and pixels", async () => {
    const file = await picture("RGB24");
    const script = `
import sys, json
from astropy.io import fits
with fits.open(sys.argv[1]) as f:
    f.verify("exception")
    h, d = f[0].header, f[0].data
    print(json.dumps([list(d.shape), h["INSTRUME"], h["EXPTIME"], h["OBJECT"], [int(p[1, 2]) for p in d]]))`;
    const { code, stdout, stderr } = await run("/usr/bin/python3", "-c", script, file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [shape, camera, seconds, object, [red, green, blue]] = JSON.parse(stdout);
    expect([shape, camera, seconds, object]).toEqual([[3, 48, 64], COLOUR, 0.001, "M 45"]);
    expect([(green - blue + 256) % 256, (red - blue + 256) % 256]).toEqual([85, 170]);
  });

  async function picture(format: string): Promise<string> {
    const observer = await Observer.at(daemon.port, COLOUR);
    await observer.connect();
    observer.client.newTexts(COLOUR, "FITS_HEADER", {
      KEYWORD_NAME: "object",
      KEYWORD_VALUE: "M 45",
      KEYWORD_COMMENT: "what is shown",
    });
    await observer.set("CCD_FRAME", { X: 11, Y: 7, WIDTH: 64, HEIGHT: 48 });
    await observer.choose("CCD_CAPTURE_FORMAT", `ASI_IMG_${format}`);
    const path = join(directory, `${format}.fits`);
    const { data } = await observer.expose();
    writeFileSync(path, data);
    return path;
  }
});
