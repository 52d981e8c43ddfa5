import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { valuesIn } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Client, linesOf } from "./client.js";
import { live } from "./definitions.js";

/*
 * What CCDciel says, and what it makes of the answers: it has one connection for everything but
 * pictures, and one for nothing but pictures.
 */

const DEVICE = "ZWO CCD ASI2600MC Pro";

let daemon: DaemonProcess;
let control: Client;
let pictures: Client;
beforeAll(async () => {
  daemon = await startDaemon({
    models: "ASI2600MC Pro",
    env: { ASI_SIM_PATTERN: "1", ASI_SIM_COOLER_SECONDS: "0.2" },
  });
});
afterAll(() => daemon.stop());
beforeEach(async () => {
  control = await Client.at(daemon.port, DEVICE);
  pictures = await Client.at(daemon.port, DEVICE);
  control.getProperties(DEVICE);
  pictures.getProperties(DEVICE).enableBlob("Only", DEVICE);
  await pictures.peer.hearAll();
  await control.defined("Switch", "CONFIG_PROCESS");
  control.switches("CONNECTION", { CONNECT: "On" });
  await control.settled("Switch", "CONNECTION");
  await control.peer.hearAll();
});

it("finds what it must have to be ready, and loads the saved settings", async () => {
  const definitions = await live(control.peer, DEVICE);
  const names = (property: string) =>
    definitions.get(property)?.children.map(({ attributes: { name } }) => name);
  expect(names("CONFIG_PROCESS")).toEqual(expect.arrayContaining(["CONFIG_LOAD", "CONFIG_SAVE"]));
  expect(names("CCD1")).toEqual(["CCD1"]);
  expect(names("CCD_EXPOSURE")).toEqual(["CCD_EXPOSURE_VALUE"]);
  expect(names("CCD_FRAME_TYPE")).toEqual([
    "FRAME_LIGHT",
    "FRAME_BIAS",
    "FRAME_DARK",
    "FRAME_FLAT",
  ]);
  expect(names("CCD_COOLER")).toEqual(["COOLER_ON", "COOLER_OFF"]);
  expect(names("CCD_CFA")).toEqual(["CFA_OFFSET_X", "CFA_OFFSET_Y", "CFA_TYPE"]);
  expect(names("SCOPE_INFO")).toEqual(["FOCAL_LENGTH", "APERTURE"]);
  expect(names("CCD_CONTROLS")).toEqual(expect.arrayContaining(["Gain", "Offset"]));
  expect(definitions.get("CCD_TEMPERATURE")?.attributes.perm).toBe("rw");

  control.switches("CONFIG_PROCESS", { CONFIG_SAVE: "On" });
  expect((await control.settled("Switch", "CONFIG_PROCESS")).attributes.state).toBe("Ok");
  control.switches("CONFIG_PROCESS", { CONFIG_LOAD: "On" });
  expect((await control.settled("Switch", "CONFIG_PROCESS")).attributes.state).toBe("Ok");
});

it("hears of binning and frame within its 5 s, each with the values it set", async () => {
  control.numbers("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
  const binning = await control.settled("Number", "CCD_BINNING");
  expect(binning.attributes.state).toBe("Ok");
  expect(valuesIn(binning)).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
  control.numbers("CCD_FRAME", { X: 200, Y: 100, WIDTH: 1002, HEIGHT: 602 });
  const frame = await control.settled("Number", "CCD_FRAME");
  expect(frame.attributes.state).toBe("Ok");
  expect(valuesIn(frame)).toEqual({ X: "200", Y: "100", WIDTH: "1002", HEIGHT: "602" });
  control.numbers("CCD_BINNING", { HOR_BIN: 1, VER_BIN: 1 });
  await control.settled("Number", "CCD_BINNING");
});

it("gets its picture where it asked for pictures, and there nothing else", async () => {
  control.numbers("CCD_FRAME", { X: 100, Y: 50, WIDTH: 333, HEIGHT: 201 });
  await control.settled("Number", "CCD_FRAME");
  control.switches("CCD_FRAME_TYPE", { FRAME_FLAT: "On" });
  const controls = (await live(control.peer, DEVICE)).get("CCD_CONTROLS");
  // It sends the whole vector back with one value changed.
  control.numbers("CCD_CONTROLS", { ...(controls && valuesIn(controls)), Gain: "120" });
  await pictures.peer.hearAll();
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
  const told = await control.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Ok",
  });
  expect(linesOf(told, "CCD1", "CCD_ABORT_EXPOSURE")).toEqual([]);

  const [picture, ...others] = await pictures.peer.hearAll();
  expect(others).toEqual([]);
  const [blob] = picture?.children ?? [];
  expect(blob?.attributes).toEqual({
    name: "CCD1",
    format: ".fits",
    size: `${blob?.data?.length}`,
  });
  const { width, height, keywords } = readFits(blob?.data ?? new Uint8Array());
  expect({ width, height }).toEqual({ width: 333, height: 201 });
  expect(Object.fromEntries(keywords)).toMatchObject({ FRAME: "Flat", GAIN: 120, EXPTIME: 0.05 });
});

it("tells the telescope, and gets the scale of the picture", async () => {
  control.numbers("SCOPE_INFO", { FOCAL_LENGTH: 400, APERTURE: 80 });
  await control.settled("Number", "SCOPE_INFO");
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  const { keywords } = readFits((await pictures.picture()).data);
  expect(keywords.get("FOCALLEN")).toBe(400);
  expect(keywords.get("APTDIA")).toBe(80);
  // Pixels of 3.76 micrometres, 206.2648 arcseconds to a thousandth of a radian.
  expect(keywords.get("SCALE")).toBeCloseTo(1.938889, 6);
});

it("hears of a failed exposure as one Alert with the value 0", async () => {
  daemon.rig.steer("exposure-fail", "9");
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.1 });
  const said = await control.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Alert",
  });
  expect(linesOf(said, "CCD_EXPOSURE").at(-1)).toMatch(
    /^CCD_EXPOSURE Alert CCD_EXPOSURE_VALUE=0 \[ERROR\] /,
  );
  const rest = await control.peer.hearAll();
  expect(linesOf(rest, "CCD_EXPOSURE", "CCD_ABORT_EXPOSURE")).toEqual([]);
  expect(linesOf(await pictures.peer.hearAll(), "CCD1")).toEqual([]);
});

it("hears of an abort only when there was one: it takes the word for the deed", async () => {
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
  const first = await control.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Ok",
  });
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
  const second = await control.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Ok",
  });
  expect(linesOf([...first, ...second], "CCD_ABORT_EXPOSURE")).toEqual([]);
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 30 });
  await control.peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
  control.switches("CCD_ABORT_EXPOSURE", { ABORT: "On" });
  const ended = await control.peer.expect("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Idle",
  });
  expect(valuesIn(ended)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
  await control.peer.expect("setSwitchVector", { name: "CCD_ABORT_EXPOSURE", state: "Ok" });
});

it("cools by the value it reads, and turns the cooler off again", async () => {
  control.numbers("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 });
  const there = await control.settled("Number", "CCD_TEMPERATURE");
  expect(Math.abs(Number(valuesIn(there).CCD_TEMPERATURE_VALUE) + 5)).toBeLessThanOrEqual(0.2);
  control.switches("CCD_COOLER", { COOLER_OFF: "On" });
  const off = await control.settled("Switch", "CCD_COOLER");
  expect(valuesIn(off)).toEqual({ COOLER_ON: "Off", COOLER_OFF: "On" });
});
