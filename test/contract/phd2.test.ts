import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { flaw, pattern, type Shown } from "../integration/pattern.js";
import { valuesIn } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { callsFor, closedRelays, relayTimes } from "../support/steering.js";
import { Client, linesOf } from "./client.js";
import { live } from "./definitions.js";

/*
 * What PHD2 says, and what it makes of the answers: its INDI camera watches one device, on one connection.
 */

const DEVICE = "ZWO CCD ASI290MM Mini";
const CAMERA = 0;
const SENSOR = { width: 1936, height: 1096 };

let daemon: DaemonProcess;
let frames = 0;
let phd: Client;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI290MM Mini", env: { ASI_SIM_PATTERN: "1" } });
});
afterAll(() => daemon.stop());
beforeEach(async () => {
  phd = await Client.at(daemon.port, DEVICE);
  phd.getProperties(DEVICE);
  await phd.defined("Text", "DRIVER_INFO");
  phd.switches("CONNECTION", { CONNECT: "On" });
  await phd.settled("Switch", "CONNECTION");
  phd.enableBlob("Also", DEVICE, "CCD1");
});

/** An exposure as PHD2's loop makes it: binning, part of the sensor, duration; then the next BLOB. */
async function expose(seconds: number, binning = 1, part?: Omit<Shown, "binning" | "frame">) {
  const { left, top, width, height } = part ?? {
    left: 0,
    top: 0,
    width: Math.floor(SENSOR.width / binning),
    height: Math.floor(SENSOR.height / binning),
  };
  phd.numbers("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
  phd.numbers("CCD_FRAME", {
    X: left * binning,
    Y: top * binning,
    WIDTH: width * binning,
    HEIGHT: height * binning,
  });
  phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
  return phd.picture();
}

it("finds on the device everything it reads without looking whether it is there", async () => {
  const definitions = await live(phd.peer, DEVICE);
  const of = (name: string) => {
    const definition = definitions.get(name);
    return definition ? valuesIn(definition) : undefined;
  };
  expect(Number(of("DRIVER_INFO")?.DRIVER_INTERFACE)).toBe(2 | 4);
  expect(of("CONNECTION")?.CONNECT).toBe("On");
  expect(of("CCD_INFO")).toEqual({
    CCD_MAX_X: "1936",
    CCD_MAX_Y: "1096",
    CCD_PIXEL_SIZE: "2.9",
    CCD_PIXEL_SIZE_X: "2.9",
    CCD_PIXEL_SIZE_Y: "2.9",
    CCD_BITSPERPIXEL: "16",
  });
  expect(Object.keys(of("CCD_FRAME") ?? {})).toEqual(["X", "Y", "WIDTH", "HEIGHT"]);
  const binning = definitions.get("CCD_BINNING");
  expect(binning?.children.map(({ attributes }) => attributes.max)).toEqual(["2", "2"]);
  for (const name of [
    "CCD1",
    "CCD_EXPOSURE",
    "TELESCOPE_TIMED_GUIDE_NS",
    "TELESCOPE_TIMED_GUIDE_WE",
  ])
    expect(of(name), name).toBeDefined();
  // A colour matrix would make it a camera to be debayered.
  expect(of("CCD_CFA")).toBeUndefined();
});

it("loops full frames, each a plain FITS file with one image of two axes", async () => {
  for (const binning of [1, 2]) {
    for (let round = 0; round < 3; round++) {
      const { format, size, data } = await expose(0.05, binning);
      expect({ format, size }).toEqual({ format: ".fits", size: `${data.length}` });
      const width = SENSOR.width / binning;
      const height = SENSOR.height / binning;
      const shown = { left: 0, top: 0, width, height, binning, frame: frames++ };
      expect(flaw(data, shown, 12)).toBeUndefined();
      await phd.settled("Number", "CCD_EXPOSURE");
    }
  }
});

it.each([
  { left: 811, top: 403, width: 101, height: 61, binning: 1 },
  { left: 0, top: 0, width: 51, height: 51, binning: 1 },
  { left: 1885, top: 1045, width: 51, height: 51, binning: 1 },
  { left: 301, top: 205, width: 63, height: 59, binning: 2 },
])(
  "copies the rows of the sub-frame $left,$top $width x $height at binning $binning by the width it asked for",
  async (part) => {
    const { binning } = part;
    const { data } = await expose(0.01, binning, part);
    const { pixels } = readFits(data);
    const expected = pattern({ ...part, frame: frames++ }, 12);
    for (let row = 0; row < part.height; row++) {
      const [from, to] = [row * part.width, (row + 1) * part.width];
      expect(pixels.slice(from, to), `row ${row}`).toEqual(expected.slice(from, to));
    }
    await phd.settled("Number", "CCD_EXPOSURE");
  },
);

it("sends a pulse a time, each answered Busy at once and otherwise once its relay is open", async () => {
  const earlier = relayTimes(callsFor(daemon.rig, CAMERA)).length;
  await phd.peer.hearAll();
  for (const [name, element, other] of [
    ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_N", "TIMED_GUIDE_S"],
    ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_S", "TIMED_GUIDE_N"],
    ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_W", "TIMED_GUIDE_E"],
    ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_E", "TIMED_GUIDE_W"],
  ] as const) {
    phd.numbers(name, { [element]: 120, [other]: 0 });
    const first = await phd.peer.expect("setNumberVector", { name });
    expect(first.attributes.state).toBe("Busy");
    const last = await phd.settled("Number", name);
    expect(last.attributes.state).toBe("Idle");
    expect(closedRelays(daemon.rig, CAMERA)).toBe("----");
  }
  const pulses = relayTimes(callsFor(daemon.rig, CAMERA)).slice(earlier);
  expect(pulses.map(({ direction }) => direction)).toEqual(["north", "south", "west", "east"]);
  for (const { closed, opened } of pulses) expect(opened - closed).toBeGreaterThan(119.5);
});

it("is answered also for a pulse of no length", async () => {
  phd.numbers("TELESCOPE_TIMED_GUIDE_WE", { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 0 });
  const told = await phd.settled("Number", "TELESCOPE_TIMED_GUIDE_WE");
  expect(told.attributes.state).toBe("Idle");
});

it("guides while it exposes: neither keeps the other Busy", async () => {
  await phd.peer.hearAll();
  phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.5 });
  phd.numbers("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 100, TIMED_GUIDE_S: 0 });
  const said = await phd.peer.hearUntil("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
  frames++;
  expect(linesOf(said, "TELESCOPE_TIMED_GUIDE_NS", "CCD1")).toEqual([
    "TELESCOPE_TIMED_GUIDE_NS Busy TIMED_GUIDE_N=100 TIMED_GUIDE_S=0",
    "TELESCOPE_TIMED_GUIDE_NS Idle TIMED_GUIDE_N=100 TIMED_GUIDE_S=0",
    expect.stringMatching(/^CCD1 Ok \.fits/),
  ]);
});

it("gets no picture of an exposure it aborts, and the right one afterwards", async () => {
  await phd.peer.hearAll();
  phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 20 });
  await phd.peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
  phd.switches("CCD_ABORT_EXPOSURE", { ABORT: "On" });
  const said = await phd.peer.hearUntil("setNumberVector", { name: "CCD_EXPOSURE", state: "Idle" });
  expect(linesOf(said, "CCD1")).toEqual([]);
  const { data } = await expose(0.02);
  const shown = { left: 0, top: 0, ...SENSOR, binning: 1, frame: frames++ };
  expect(flaw(data, shown, 12)).toBeUndefined();
});

it("is not kept Busy by a failure: it can expose again at once", async () => {
  await phd.peer.hearAll();
  daemon.rig.steer("exposure-fail", "9");
  phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.02 });
  expect((await phd.settled("Number", "CCD_EXPOSURE")).attributes.state).toBe("Alert");
  phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.02 });
  await phd.picture();
  frames++;
});

it.each([
  { binning: 1, size: 1936 * 1096 },
  { binning: 2, size: 968 * 548 },
])(
  "streams at binning $binning when a picture did not come: raw frames of $size bytes, one a pixel",
  async ({ binning, size }) => {
    daemon.rig.steer("exposure-fail", "9");
    await phd.peer.hearAll();
    phd.numbers("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
    phd.numbers("CCD_FRAME", { X: 0, Y: 0, WIDTH: SENSOR.width, HEIGHT: SENSOR.height });
    phd.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.02 });
    const said = await phd.peer.hearUntil("setNumberVector", {
      name: "CCD_EXPOSURE",
      state: "Alert",
    });
    expect(linesOf(said, "CCD1")).toEqual([]);

    phd.switches("CCD_VIDEO_STREAM", { STREAM_ON: "On", STREAM_OFF: "Off" });
    const sum = new Float64Array(size);
    for (let frame = 0; frame < 3; frame++) {
      const { format, size: told, data } = await phd.picture();
      expect({ format, told, length: data.length }).toEqual({
        format: ".stream",
        told: `${size}`,
        length: size,
      });
      for (let at = 0; at < size; at++) sum[at] = (sum[at] ?? 0) + (data[at] ?? 0);
    }
    // There is something to see in what PHD2 adds up.
    expect(new Set(sum).size).toBeGreaterThan(100);
    phd.switches("CCD_VIDEO_STREAM", { STREAM_ON: "Off", STREAM_OFF: "On" });
    await phd.peer.expect("setSwitchVector", { name: "CCD_VIDEO_STREAM", state: "Idle" });
    await phd.peer.hearAll();
    expect((await expose(0.02, binning)).format).toBe(".fits");
    await phd.settled("Number", "CCD_EXPOSURE");
  },
);

it.each([
  { binning: 1, size: 3096 * 2080, part: { WIDTH: "3096", HEIGHT: "2080" } },
  // Half of 3096 is no multiple of 8: PHD2 wants 1548 columns, no camera of that sensor reads more than 1544.
  { binning: 2, size: 1544 * 1040, part: { WIDTH: "1544", HEIGHT: "1040" } },
  { binning: 3, size: 1032 * 692, part: { WIDTH: "1032", HEIGHT: "692" } },
  { binning: 4, size: 768 * 520, part: { WIDTH: "768", HEIGHT: "520" } },
])(
  "streams of a sensor off the camera's grid what CCD_STREAM_FRAME says at binning $binning: $size bytes",
  async ({ binning, size, part }) => {
    const wide = await startDaemon({ models: "ASI178MC" });
    onTestFinished(() => wide.stop());
    const client = await Client.at(wide.port, "ZWO CCD ASI178MC");
    onTestFinished(() => client.peer.close());
    client.getProperties("ZWO CCD ASI178MC");
    await client.defined("Text", "DRIVER_INFO");
    client.switches("CONNECTION", { CONNECT: "On" });
    await client.settled("Switch", "CONNECTION");
    client.enableBlob("Also", "ZWO CCD ASI178MC", "CCD1");
    client.numbers("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
    await client.settled("Number", "CCD_BINNING");
    client.switches("CCD_VIDEO_STREAM", { STREAM_ON: "On", STREAM_OFF: "Off" });
    expect(await client.picture()).toMatchObject({ format: ".stream", size: `${size}` });
    const definitions = await live(client.peer, "ZWO CCD ASI178MC");
    const frame = definitions.get("CCD_STREAM_FRAME");
    expect(frame && valuesIn(frame)).toMatchObject(part);
    const info = definitions.get("CCD_INFO");
    expect(info && valuesIn(info)).toMatchObject({ CCD_MAX_X: "3096", CCD_MAX_Y: "2080" });
  },
);
