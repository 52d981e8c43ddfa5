import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { valuesIn } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { callsFor } from "../support/steering.js";
import { Client, lines, linesOf } from "./client.js";
import { live } from "./definitions.js";

/*
 * What KStars and Ekos say, and what they make of the answers: one connection for everything but
 * pictures, and one more for each property that sends pictures.
 */

const DEVICE = "ZWO CCD ASI178MC";
const OTHER = "ZWO CCD ASI120MM";

let daemon: DaemonProcess;
let control: Client;
let pictures: Client;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI178MC,ASI120MM", env: { ASI_SIM_PATTERN: "1" } });
});
afterAll(() => daemon.stop());
beforeEach(async () => {
  control = await Client.at(daemon.port, DEVICE);
  control.getProperties();
  await control.defined("Text", "DRIVER_INFO");
  control.enableBlob("Never", DEVICE);
  control.switches("CONNECTION", { CONNECT: "On" });
  await control.defined("BLOB", "CCD1");
  pictures = await Client.at(daemon.port, DEVICE);
  pictures.getProperties().enableBlob("Only", DEVICE, "CCD1");
  await pictures.peer.hearAll();
  await control.peer.hearAll();
});

it("is told of both cameras, each with a name that begins with the driver's", async () => {
  const definitions = await control.getProperties().peer.hearAll();
  const devices = new Set(definitions.map(({ attributes }) => attributes.device));
  expect(devices).toEqual(new Set([DEVICE, OTHER]));
});

it("finds labels, positions and limits as it reads them", async () => {
  const definitions = await live(control.peer, DEVICE);
  const elements = (property: string) => definitions.get(property)?.children ?? [];
  const labels = (property: string) => elements(property).map(({ attributes }) => attributes.label);
  expect(labels("CCD_FRAME_TYPE")).toEqual(["Light", "Bias", "Dark", "Flat"]);
  expect(labels("CCD_TRANSFER_FORMAT")[0]).toBe("FITS");
  expect(labels("CCD_CAPTURE_FORMAT")).toEqual(["Raw 8 bit", "RGB 24", "Luma", "Raw 16 bit"]);
  for (const name of ["CCD_FRAME", "CCD_BINNING", "CCD_EXPOSURE"]) {
    expect(definitions.get(name)?.attributes.perm, name).toBe("rw");
    for (const { attributes } of elements(name)) {
      expect(Number(attributes.min), name).toBeLessThan(Number(attributes.max));
    }
  }
  const searched = [...definitions.values()].filter(({ children }) =>
    children.some(({ attributes: { name, label } }) =>
      /^(gain|offset)$/i.test(name ?? label ?? ""),
    ),
  );
  expect(searched.map(({ attributes }) => attributes.name)).toEqual(["CCD_CONTROLS"]);
  expect([...definitions.keys()]).not.toContain("CCD_ISO");
});

it("sends numbers of 20 digits and gets exactly the exposure it means", async () => {
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.10000000000000000555" });
  const said = await control.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Ok",
  });
  expect(linesOf(said, "CCD_EXPOSURE", "CCD1")).toEqual([
    "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0.1",
    "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0",
    "CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0",
  ]);
  const { keywords } = readFits((await pictures.picture()).data);
  expect(keywords.get("EXPTIME")).toBe(0.1);
});

it("hears on the connection for pictures of pictures, whatever the other camera does", async () => {
  const other = await Client.at(daemon.port, OTHER);
  other.getProperties(OTHER).enableBlob("Also", OTHER);
  other.switches("CONNECTION", { CONNECT: "On" });
  await other.defined("BLOB", "CCD1");
  other.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  await other.picture();
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  await control.settled("Number", "CCD_EXPOSURE");
  const said = await pictures.peer.hearAll();
  const blobs = said.filter(({ tag }) => tag === "setBLOBVector");
  expect(blobs.map(({ attributes }) => attributes.device)).toEqual([DEVICE]);
});

it("keeps the format when it asks for one by a label that does not exist", async () => {
  const formats = { ASI_IMG_RAW8: "Off", ASI_IMG_RGB24: "Off", ASI_IMG_Y8: "Off" } as const;
  control.switches("CCD_CAPTURE_FORMAT", { ...formats, ASI_IMG_RAW16: "Off" });
  const answer = await control.settled("Switch", "CCD_CAPTURE_FORMAT");
  expect(valuesIn(answer)).toEqual({ ...formats, ASI_IMG_RAW16: "On" });
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  expect(readFits((await pictures.picture()).data).bits).toBe(16);
});

it("counts one Alert for one failure, and may expose again after each", async () => {
  for (let attempt = 1; attempt <= 3; attempt++) {
    daemon.rig.steer("exposure-fail", "9", "--camera", "0");
    control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
    await control.peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Alert" });
    const rest = await control.peer.hearAll();
    expect(linesOf(rest, "CCD_EXPOSURE")).toEqual([]);
  }
  control.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
  expect((await control.settled("Number", "CCD_EXPOSURE")).attributes.state).toBe("Ok");
});

it("sends both axes at once and all sliders back, and only what differs is done", async () => {
  control.numbers("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 100, TIMED_GUIDE_S: 0 });
  control.numbers("TELESCOPE_TIMED_GUIDE_WE", { TIMED_GUIDE_W: 100, TIMED_GUIDE_E: 0 });
  await control.settled("Number", "TELESCOPE_TIMED_GUIDE_NS");
  await control.settled("Number", "TELESCOPE_TIMED_GUIDE_WE");

  const sliders = (await live(control.peer, DEVICE)).get("CCD_CONTROLS");
  const writes = () => callsFor(daemon.rig, 0).filter(({ name }) => name === "ASISetControlValue");
  const before = writes().length;
  control.numbers("CCD_CONTROLS", { ...(sliders && valuesIn(sliders)), Gain: "150" });
  await control.settled("Number", "CCD_CONTROLS");
  const GAIN = "0";
  const written = writes().slice(before);
  expect(written.map(({ args }) => args)).toEqual([[GAIN, "150", "0"]]);
});

it("forgets the camera when it is disconnected, and finds everything again", async () => {
  const before = [...(await live(control.peer, DEVICE)).keys()];
  control.switches("CONNECTION", { DISCONNECT: "On" });
  const said = await control.peer.hearUntil("setSwitchVector", {
    name: "CONNECTION",
    state: "Idle",
  });
  expect(lines(said.slice(-1))).toEqual(["CONNECTION Idle CONNECT=Off DISCONNECT=On"]);
  control.switches("CONNECTION", { CONNECT: "On" });
  await control.peer.expect("delProperty", { device: DEVICE, name: "CCD_EXPOSURE" });
  await control.settled("Switch", "CONNECTION");
  expect([...(await live(control.peer, DEVICE)).keys()]).toEqual(before);
});
