import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Conversation, valuesIn } from "../support/conversation.js";
import { Rig, startDaemon, startDriver } from "../support/daemon.js";
import { Observer } from "./observer.js";

const MODEL = "ASI2600MC Pro";
const DEVICE = "ZWO CCD ASI2600MC Pro";

/** A vector as libindi saves it. */
function vector(kind: string, name: string, values: Readonly<Record<string, string>>): string {
  const elements = Object.entries(values).map(
    ([element, value]) => `  <one${kind} name='${element}'>\n      ${value}\n  </one${kind}>\n`,
  );
  return `<new${kind}Vector device='${DEVICE}' name='${name}'>\n${elements.join("")}</new${kind}Vector>\n`;
}

/** What the C++ driver leaves behind: in its order, with what only it has, and a cooler that is on. */
const CPP_CONFIG = `<INDIDriver>
${[
  vector("Switch", "DEBUG", { ENABLE: "On", DISABLE: "Off" }),
  vector("Number", "POLLING_PERIOD", { PERIOD_MS: "500" }),
  vector("Switch", "DEBUG_LEVEL", { DBG_ERROR: "On", DBG_DEBUG: "On" }),
  vector("Text", "ACTIVE_DEVICES", { ACTIVE_TELESCOPE: "EQMod Mount", ACTIVE_ROTATOR: "" }),
  vector("Switch", "CCD_CAPTURE_FORMAT", {
    ASI_IMG_RAW8: "On",
    ASI_IMG_RGB24: "Off",
    ASI_IMG_RAW16: "Off",
  }),
  vector("Switch", "CCD_TRANSFER_FORMAT", {
    FORMAT_FITS: "Off",
    FORMAT_NATIVE: "On",
    FORMAT_XISF: "Off",
  }),
  vector("Number", "CCD_FRAME", { X: "100", Y: "200", WIDTH: "1000", HEIGHT: "800" }),
  vector("Number", "CCD_BINNING", { HOR_BIN: "2", VER_BIN: "2" }),
  vector("Switch", "CCD_COOLER", { COOLER_ON: "On", COOLER_OFF: "Off" }),
  vector("Number", "CCD_CONTROLS", {
    Gain: "111",
    BandWidth: "77",
    Mystery: "1",
    Offset: "100000",
  }),
].join("")}</INDIDriver>
`;

function savedRig(): Rig {
  const rig = new Rig(MODEL);
  mkdirSync(join(rig.home, ".indi"));
  writeFileSync(join(rig.home, ".indi", `${DEVICE}_config.xml`), CPP_CONFIG);
  return rig;
}

test("what the C++ driver saved is there before the first definition", async () => {
  const { program, peer } = startDriver(savedRig());
  onTestFinished(() => program.stop());
  await peer.expect("getProperties", { device: "EQMod Mount", name: "EQUATORIAL_EOD_COORD" });
  const polling = await peer.expect("defNumberVector", { name: "POLLING_PERIOD" });
  expect(valuesIn(polling)).toEqual({ PERIOD_MS: "500" });
  const active = await peer.expect("defTextVector", { name: "ACTIVE_DEVICES" });
  expect(valuesIn(active)).toMatchObject({ ACTIVE_TELESCOPE: "EQMod Mount", ACTIVE_ROTATOR: "" });
  const levels = await peer.expect("defSwitchVector", { name: "DEBUG_LEVEL" });
  expect(valuesIn(levels)).toMatchObject({ DBG_WARNING: "On", DBG_DEBUG: "On" });
});

test("a connection begins with what was set last, but with the cooler off", async () => {
  const rig = savedRig();
  const daemon = await startDaemon({ models: MODEL, rig });
  onTestFinished(() => rig.remove());
  onTestFinished(() => daemon.kill());
  const peer = await Conversation.connect(daemon.port);
  onTestFinished(() => peer.close());
  const set = (kind: string, name: string, values: Readonly<Record<string, string>>) =>
    peer.send(vector(kind, name, values));
  peer.send(`<getProperties version="1.7"/>`);
  set("Switch", "CONNECTION", { CONNECT: "On" });
  await peer.expect("message", {
    message: "[WARNING] Error: Mystery is not a member of Controls (CCD_CONTROLS) property.",
  });
  await peer.expect("setSwitchVector", { name: "CONNECTION", state: "Ok" });
  const frame = await peer.expect("defNumberVector", { name: "CCD_FRAME" });
  expect(valuesIn(frame)).toMatchObject({ X: "0", WIDTH: "6248" });
  const defined = new Map(
    (await peer.hearAll()).map((one) => [one.attributes.name, valuesIn(one)]),
  );
  expect(defined.get("CCD_CAPTURE_FORMAT")).toMatchObject({ ASI_IMG_RAW8: "On" });
  expect(defined.get("CCD_TRANSFER_FORMAT")).toMatchObject({ FORMAT_NATIVE: "On" });
  expect(defined.get("CCD_COOLER")).toEqual({ COOLER_ON: "Off", COOLER_OFF: "On" });
  expect(rig.steer("status")).toMatch(/ off +0 +---- *$/m);
  expect(defined.get("CCD_CONTROLS")).toMatchObject({ Gain: "111", BandWidth: "77" });

  set("Switch", "CONFIG_PROCESS", { CONFIG_LOAD: "On" });
  await peer.expect("setSwitchVector", { name: "CONFIG_PROCESS", state: "Ok" });
  peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
  const loaded = new Map((await peer.hearAll()).map((one) => [one.attributes.name, valuesIn(one)]));
  expect(loaded.get("CCD_BINNING")).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
  expect(loaded.get("CCD_FRAME")).toEqual({ X: "100", Y: "200", WIDTH: "1000", HEIGHT: "800" });
  expect(rig.steer("status")).toMatch(/ on +\d+ +---- *$/m);

  // The last change is saved although the daemon is stopped right after it.
  set("Number", "CCD_CONTROLS", { Gain: "222" });
  await peer.expect("setNumberVector", { name: "CCD_CONTROLS", state: "Ok" });
  await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
  const file = join(rig.home, ".indi", `${DEVICE}_config.xml`);
  expect(readFileSync(file, "utf8")).toContain('<oneNumber name="Gain">222</oneNumber>');
  expect(readFileSync(`${file}.default`, "utf8")).toBe(CPP_CONFIG);
  const again = await startDaemon({ models: MODEL, rig });
  onTestFinished(() => again.kill());
  const other = await Conversation.connect(again.port);
  other.send(`<getProperties version="1.7"/>${vector("Switch", "CONNECTION", { CONNECT: "On" })}`);
  const controls = await other.expect("defNumberVector", { name: "CCD_CONTROLS" });
  expect(valuesIn(controls)).toMatchObject({ Gain: "222", BandWidth: "77" });
  other.close();
  await again.expectEnd(() => process.kill(again.pid, "SIGTERM"));
});

test("the format is saved under both its names, whichever a client used last", async () => {
  const rig = new Rig(MODEL);
  onTestFinished(() => rig.remove());
  const connected = async () => {
    const daemon = await startDaemon({ models: MODEL, rig });
    onTestFinished(() => daemon.kill());
    const observer = await Observer.at(daemon.port, DEVICE);
    onTestFinished(() => void observer.client.close());
    await observer.connect();
    return { daemon, observer };
  };
  const { daemon, observer } = await connected();
  await observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RGB24");
  await observer.choose("CCD_VIDEO_FORMAT", "ASI_IMG_RAW8");
  await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
  const { observer: later } = await connected();
  for (const name of ["CCD_CAPTURE_FORMAT", "CCD_VIDEO_FORMAT"]) {
    expect(later.values(name)).toMatchObject({ ASI_IMG_RAW8: "On", ASI_IMG_RGB24: "Off" });
  }
});
