import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Conversation, valuesIn } from "../support/conversation.js";
import { type DaemonProcess, descendantsOf, Rig, startDaemon } from "../support/daemon.js";
import { eventually } from "../support/steering.js";

const PLAIN = "ZWO CCD ASI120MM-S";

/** A daemon with these cameras, and a client that has asked for everything. */
async function observatory(models: string, prepare: (rig: Rig) => void = () => undefined) {
  const rig = new Rig(models);
  prepare(rig);
  return { rig, ...(await visit(models, rig)) };
}

async function visit(models: string, rig: Rig, args: readonly string[] = []) {
  const daemon: DaemonProcess = await startDaemon({ models, rig, args });
  onTestFinished(() => daemon.kill());
  const peer = await Conversation.connect(daemon.port);
  onTestFinished(() => peer.close());
  peer.send(`<getProperties version="1.7"/>`);
  const set = (
    kind: string,
    device: string,
    name: string,
    values: Readonly<Record<string, string>>,
  ) => {
    const elements = Object.entries(values).map(
      ([element, value]) => `<one${kind} name="${element}">${value}</one${kind}>`,
    );
    peer.send(
      `<new${kind}Vector device="${device}" name="${name}">${elements.join("")}</new${kind}Vector>`,
    );
  };
  const connect = async (device: string) => {
    set("Switch", device, "CONNECTION", { CONNECT: "On" });
    await peer.expect("setSwitchVector", { device, name: "CONNECTION", state: "Ok" });
  };
  /** The definitions of a property, by device. */
  const ask = async (name: string) => {
    peer.send(`<getProperties version="1.7" name="${name}"/><getProperties version="1.7"/>`);
    const heard = await peer.hearAll();
    return Object.fromEntries(
      heard
        .filter(({ tag, attributes }) => tag.startsWith("def") && attributes.name === name)
        .map((one) => [one.attributes.device, valuesIn(one)]),
    );
  };
  return { daemon, peer, set, connect, ask };
}

const unplugged = "Disconnected: the camera was unplugged.";

/** Unplugs two equal cameras, and plugs them in the other way round; settles when both are connected again. */
async function replugInOtherOrder(rig: Rig, peer: Conversation): Promise<void> {
  rig.steer("unplug");
  for (let gone = 0; gone < 2; gone++) {
    await peer.expect("setSwitchVector", { name: "CONNECTION", message: `[ERROR] ${unplugged}` });
  }
  rig.steer("plug", "--camera", "1");
  await peer.expect("setSwitchVector", { device: `${PLAIN} 1`, name: "CONNECTION", state: "Ok" });
  rig.steer("plug", "--camera", "0");
  await peer.expect("setSwitchVector", { device: PLAIN, name: "CONNECTION", state: "Ok" });
}

describe("two equal cameras", () => {
  test("unplugged and plugged in the other way round keep names, settings and connections", async () => {
    const { rig, peer, set, connect, ask } = await observatory("ASI120MM-S,ASI120MM-S");
    const serials = await ask("NICKNAME");
    expect(Object.keys(serials).sort()).toEqual([PLAIN, `${PLAIN} 1`]);
    for (const device of [PLAIN, `${PLAIN} 1`]) await connect(device);
    const before = await ask("Serial Number");
    set("Number", PLAIN, "CCD_CONTROLS", { Gain: "11" });
    set("Number", PLAIN, "CCD_BINNING", { HOR_BIN: "2", VER_BIN: "2" });
    await peer.expect("setNumberVector", { name: "CCD_BINNING", state: "Ok" });
    set("Number", `${PLAIN} 1`, "CCD_CONTROLS", { Gain: "22" });
    await peer.expect("setNumberVector", { name: "CCD_CONTROLS", state: "Ok" });

    await replugInOtherOrder(rig, peer);
    await peer.expect("defTextVector", { device: PLAIN, name: "Serial Number" });

    expect(await ask("Serial Number")).toEqual(before);
    const controls = await ask("CCD_CONTROLS");
    expect(controls[PLAIN]).toMatchObject({ Gain: "11" });
    expect(controls[`${PLAIN} 1`]).toMatchObject({ Gain: "22" });
    expect((await ask("CCD_BINNING"))[PLAIN]).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
    expect((await ask("CCD_BINNING"))[`${PLAIN} 1`]).toEqual({ HOR_BIN: "1", VER_BIN: "1" });
  });

  test("of which one is unplugged while both are open: only that one is disconnected", async () => {
    const { rig, peer, connect, ask } = await observatory("ASI120MM-S,ASI120MM-S");
    for (const device of [PLAIN, `${PLAIN} 1`]) await connect(device);
    rig.steer("unplug", "--camera", "1");
    await peer.expect("setSwitchVector", { device: `${PLAIN} 1`, message: `[ERROR] ${unplugged}` });
    expect(Object.keys(await ask("CCD_BINNING"))).toEqual([PLAIN]);
  });

  test("keep their names over a start with only one of them", async () => {
    const models = "ASI120MM-S,ASI120MM-S";
    const { rig, daemon, connect, ask } = await observatory(models);
    await connect(`${PLAIN} 1`);
    const numbers = await ask("Serial Number");
    await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
    rig.steer("unplug", "--camera", "0");
    const second = await visit(models, rig);
    await second.connect(`${PLAIN} 1`);
    expect(await second.ask("Serial Number")).toEqual(numbers);
  });
});

describe("two equal cameras without serial numbers", () => {
  test("keep their names by what was written into their flash memories", async () => {
    const { rig, peer, set, connect, ask } = await observatory(
      "ASI120MM-S,ASI120MM-S",
      (hardware) => {
        hardware.steer("fail", "ASIGetSerialNumber", "16", "1000");
      },
    );
    for (const [device, id] of [
      [PLAIN, "one"],
      [`${PLAIN} 1`, "two"],
    ] as const) {
      await connect(device);
      set("Switch", device, "CAMERA_ID_LOCK", { UNLOCKED: "On" });
      set("Text", device, "CAMERA_ID", { ID: id });
      await peer.expect("setTextVector", { device, name: "CAMERA_ID", state: "Ok" });
    }
    await replugInOtherOrder(rig, peer);
    await peer.expect("defTextVector", { device: PLAIN, name: "CAMERA_ID" });
    expect(await ask("CAMERA_ID")).toEqual({
      [PLAIN]: { ID: "one" },
      [`${PLAIN} 1`]: { ID: "two" },
    });
  });
});

describe("a camera", () => {
  test("without anything to tell it apart goes on where it was when it comes back", async () => {
    const { rig, peer, set, connect } = await observatory("ASI120MM");
    const device = "ZWO CCD ASI120MM";
    await connect(device);
    set("Number", device, "CCD_FRAME", { X: "8", Y: "8", WIDTH: "640", HEIGHT: "480" });
    await peer.expect("setNumberVector", { name: "CCD_FRAME", state: "Ok" });
    rig.steer("unplug");
    await peer.expect("setSwitchVector", { device, message: `[ERROR] ${unplugged}` });
    rig.steer("plug");
    await peer.expect("setSwitchVector", { device, name: "CONNECTION", state: "Ok" });
    const frame = await peer.expect("defNumberVector", { device, name: "CCD_FRAME" });
    expect(valuesIn(frame)).toEqual({ X: "8", Y: "8", WIDTH: "640", HEIGHT: "480" });
  });

  test("that was not connected is not when it comes back", async () => {
    const { rig, peer, ask } = await observatory("ASI120MM");
    rig.steer("unplug");
    await peer.expect("message", { message: "[WARNING] The camera was unplugged." });
    rig.steer("plug");
    await peer.expect("message", { message: "[INFO] The camera is attached again." });
    expect(await ask("CONNECTION")).toMatchObject({
      "ZWO CCD ASI120MM": { CONNECT: "Off", DISCONNECT: "On" },
    });
  });

  test("takes a nickname at once, with its settings and connected as it was", async () => {
    const { rig, peer, set, connect, ask } = await observatory("ASI120MM-S");
    await connect(PLAIN);
    set("Number", PLAIN, "CCD_CONTROLS", { Gain: "33" });
    set("Number", PLAIN, "SCOPE_INFO", { FOCAL_LENGTH: "800" });
    await peer.expect("setNumberVector", { name: "SCOPE_INFO", state: "Ok" });
    set("Text", PLAIN, "NICKNAME", { nickname: "Guide &amp; more" });
    await peer.expect("setTextVector", { device: PLAIN, name: "NICKNAME", state: "Ok" });
    await peer.expect("delProperty", { device: PLAIN });
    const device = "ZWO CCD Guide & more";
    const nickname = await peer.expect("defTextVector", { device, name: "NICKNAME" });
    expect(valuesIn(nickname)).toEqual({ nickname: "Guide & more" });
    await peer.expect("setSwitchVector", { device, name: "CONNECTION", state: "Ok" });
    await peer.expect("defNumberVector", { device, name: "CCD_CONTROLS" });
    expect((await ask("CCD_CONTROLS"))[device]).toMatchObject({ Gain: "33" });
    expect((await ask("SCOPE_INFO"))[device]).toMatchObject({ FOCAL_LENGTH: "800" });
    const saved = readFileSync(join(rig.home, ".indi", `${device}_config.xml`), "utf8");
    expect(saved).toContain('device="ZWO CCD Guide &amp; more" name="SCOPE_INFO"');
    expect(readFileSync(join(rig.home, ".indi/Nicknames.xml"), "utf8")).toMatch(
      /<device name="ZWO CCD">\s*<nickname identifier="[0-9a-f]{16}">Guide &amp; more<\/nickname>/,
    );

    set("Text", "ZWO CCD Guide &amp; more", "NICKNAME", { nickname: "" });
    await peer.expect("delProperty", { device });
    await peer.expect("defNumberVector", { device: PLAIN, name: "CCD_CONTROLS" });
  });

  test("takes a nickname and stays connected although its saved settings cannot be read", async () => {
    const { peer, set, connect } = await observatory("ASI120MM-S", (rig) => {
      mkdirSync(join(rig.home, ".indi"));
      writeFileSync(join(rig.home, ".indi", `${PLAIN}_config.xml`), "<INDIDriver><newTextVec");
    });
    await connect(PLAIN);
    set("Text", PLAIN, "NICKNAME", { nickname: "Guide" });
    const device = "ZWO CCD Guide";
    await peer.expect("setSwitchVector", { device, name: "CONNECTION", state: "Ok" });
  });

  test("has the name older drivers gave it", async () => {
    const { ask } = await observatory("ASI120MM-S", (rig) => {
      mkdirSync(join(rig.home, ".indi"));
      writeFileSync(
        join(rig.home, ".indi/ZWONicknames.xml"),
        `<Nicknames><Nickname SerialNumber="513d120d00000001">Old</Nickname></Nicknames>`,
      );
    });
    expect(await ask("NICKNAME")).toEqual({ "ZWO CCD Old": { nickname: "Old" } });
  });

  test("may be missing at the start and come later", async () => {
    const rig = new Rig("ASI120MM");
    rig.steer("unplug");
    const { peer } = await visit("ASI120MM", rig);
    rig.steer("plug");
    await peer.expect("defSwitchVector", { device: "ZWO CCD ASI120MM", name: "CONNECTION" });
  });

  test("has no process look for others until something is plugged or unplugged", async () => {
    const rig = new Rig("ASI120MM-S");
    // The kernel knows nothing of other libraries' cameras without USB: those are looked for all the time.
    const { daemon, peer, connect } = await visit("ASI120MM-S", rig, ["--simulate", "ASI120MM-S"]);
    await connect(PLAIN);
    await eventually("only the camera has a process", () => descendantsOf(daemon.pid).length === 1);
    rig.steer("add", "ASI290MM Mini");
    await peer.expect("defSwitchVector", { device: "ZWO CCD ASI290MM Mini", name: "CONNECTION" });
  });
});
