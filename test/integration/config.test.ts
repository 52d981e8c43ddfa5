import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const MODEL = "ASI178MC";
const DEVICE = `ZWO CCD ${MODEL}`;

let daemon: DaemonProcess;
let observer: Observer;
beforeEach(async () => {
  daemon = await startDaemon({ models: MODEL });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
});
afterEach(() => daemon.stop());

const file = () => join(daemon.rig.home, `.indi/${DEVICE}_config.xml`);

const configure = (action: "LOAD" | "SAVE" | "DEFAULT" | "PURGE") =>
  observer.choose("CONFIG_PROCESS", `CONFIG_${action}`);

/** A file as libindi writes it, with properties that only the other driver has among the others. */
const FROM_LIBINDI = `<INDIDriver>
<newNumberVector device='${DEVICE}' name='POLLING_PERIOD'>
  <oneNumber name='PERIOD_MS'>
      500
  </oneNumber>
</newNumberVector>
<newSwitchVector device='${DEVICE}' name='UPLOAD_MODE'>
  <oneSwitch name='UPLOAD_CLIENT'>
      On
  </oneSwitch>
  <oneSwitch name='UPLOAD_LOCAL'>
      Off
  </oneSwitch>
</newSwitchVector>
<newSwitchVector device='${DEVICE}' name='CCD_CAPTURE_FORMAT'>
  <oneSwitch name='ASI_IMG_RAW8'>
      On
  </oneSwitch>
  <oneSwitch name='ASI_IMG_RGB24'>
      Off
  </oneSwitch>
  <oneSwitch name='ASI_IMG_Y8'>
      Off
  </oneSwitch>
  <oneSwitch name='ASI_IMG_RAW16'>
      Off
  </oneSwitch>
</newSwitchVector>
<newNumberVector device='${DEVICE}' name='CCD_FRAME'>
  <oneNumber name='X'>
      100
  </oneNumber>
  <oneNumber name='Y'>
      50
  </oneNumber>
  <oneNumber name='WIDTH'>
      640
  </oneNumber>
  <oneNumber name='HEIGHT'>
      480
  </oneNumber>
</newNumberVector>
<newNumberVector device='${DEVICE}' name='CCD_BINNING'>
  <oneNumber name='HOR_BIN'>
      2
  </oneNumber>
  <oneNumber name='VER_BIN'>
      2
  </oneNumber>
</newNumberVector>
<newNumberVector device='${DEVICE}' name='SCOPE_INFO'>
  <oneNumber name='FOCAL_LENGTH'>
      5.2000000000000001776
  </oneNumber>
  <oneNumber name='APERTURE'>
      80
  </oneNumber>
</newNumberVector>
<newTextVector device='${DEVICE}' name='ACTIVE_DEVICES'>
  <oneText name='ACTIVE_FOCUSER'>
      Bill &amp; Ted&apos;s
  </oneText>
</newTextVector>
<newNumberVector device='${DEVICE}' name='CCD_CONTROLS'>
  <oneNumber name='Gain'>
      222
  </oneNumber>
  <oneNumber name='Offset'>
      33
  </oneNumber>
</newNumberVector>
</INDIDriver>
`;

it("loads a file that libindi wrote, passing over what only the other driver has", async () => {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  writeFileSync(file(), FROM_LIBINDI);
  const peer = await Conversation.connect(daemon.port);
  await peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`).hearAll();
  const { state } = await configure("LOAD");
  expect(state).toBe("Ok");
  expect(observer.values("CCD_CAPTURE_FORMAT").ASI_IMG_RAW8).toBe("On");
  expect(observer.values("CCD_FRAME")).toEqual({ X: "100", Y: "50", WIDTH: "640", HEIGHT: "480" });
  expect(observer.values("CCD_BINNING")).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
  expect(observer.values("SCOPE_INFO")).toEqual({ FOCAL_LENGTH: "5.2", APERTURE: "80" });
  expect(observer.values("ACTIVE_DEVICES").ACTIVE_FOCUSER).toBe("Bill & Ted's");
  expect(observer.values("CCD_CONTROLS")).toMatchObject({ Gain: "222", Offset: "33" });
  await peer.expect("message", { message: "[INFO] Loading device configuration..." });
  await peer.expect("message", { message: "[INFO] Device configuration applied." });
  const { data } = await observer.expose();
  const { width, height, bits, keywords } = readFits(data);
  expect({ width, height, bits }).toEqual({ width: 320, height: 240, bits: 8 });
  expect(keywords.get("GAIN")).toBe(222);
});

it("saves what was set, brings it back, and keeps what was saved first as the default", async () => {
  await observer.set("CCD_CONTROLS", { Gain: 100 });
  expect((await configure("SAVE")).state).toBe("Ok");
  const first = readFileSync(file(), "utf8");
  expect(first).toMatch(/^<INDIDriver>\n/);
  expect(first).toMatch(
    /<newNumberVector device=["']ZWO CCD ASI178MC["'] name=["']CCD_CONTROLS["']>/,
  );
  expect(readFileSync(`${file()}.default`, "utf8")).toBe(first);

  await observer.set("CCD_CONTROLS", { Gain: 200 });
  await observer.set("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
  await configure("SAVE");
  await observer.set("CCD_CONTROLS", { Gain: 300 });
  await observer.set("CCD_BINNING", { HOR_BIN: 1, VER_BIN: 1 });
  expect((await configure("LOAD")).state).toBe("Ok");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("200");
  expect(observer.values("CCD_BINNING").HOR_BIN).toBe("2");
  expect((await configure("DEFAULT")).state).toBe("Ok");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("100");
  expect(observer.values("CCD_BINNING").HOR_BIN).toBe("1");
  expect(observer.values("CONFIG_PROCESS")).toEqual({
    CONFIG_LOAD: "Off",
    CONFIG_SAVE: "Off",
    CONFIG_DEFAULT: "Off",
    CONFIG_PURGE: "Off",
  });
});

it("keeps a file that libindi wrote as the default, once it is loaded or replaced", async () => {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  writeFileSync(file(), FROM_LIBINDI);
  await observer.set("CCD_CONTROLS", { Gain: 100 });
  await configure("SAVE");
  await configure("LOAD");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("100");
  expect((await configure("DEFAULT")).state).toBe("Ok");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("222");
});

it("deletes what was saved, and says so when there is nothing", async () => {
  await configure("SAVE");
  expect((await configure("PURGE")).state).toBe("Ok");
  expect(existsSync(file())).toBe(false);
  for (const action of ["LOAD", "PURGE"] as const) {
    const { state, message } = await configure(action);
    expect({ action, state }).toEqual({ action, state: "Alert" });
    expect(message).toMatch(/No previous configuration found/);
  }
});

it("applies the rest of a file of which one value is refused, and names the refusal", async () => {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  writeFileSync(file(), FROM_LIBINDI.replace("222", "9999").replace("      33", "      44"));
  const peer = await Conversation.connect(daemon.port);
  await peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`).hearAll();
  await configure("LOAD");
  await peer.expect("message", {
    message:
      "[WARNING] Error: Invalid range for Controls (CCD_CONTROLS). Valid range is from 0 to 510. Requested value is 9999 (Gain)",
  });
  await peer.expect("setSwitchVector", { name: "CONFIG_PROCESS", state: "Ok" });
  expect(observer.values("CCD_BINNING").HOR_BIN).toBe("2");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("0");
});

it("answers a broken file with Alert and goes on", async () => {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  writeFileSync(file(), FROM_LIBINDI.slice(0, 700));
  expect((await configure("LOAD")).state).toBe("Alert");
  expect((await configure("SAVE")).state).toBe("Ok");
  expect((await configure("LOAD")).state).toBe("Ok");
});

it("calls a camera by its nickname from the next start on", async () => {
  const answer = observer.answer("NICKNAME");
  observer.client.newTexts(DEVICE, "NICKNAME", { nickname: "Main <1>" });
  expect((await answer).state).toBe("Ok");
  const { rig } = daemon;
  await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
  daemon = await startDaemon({ models: MODEL, rig });
  const renamed = await Observer.at(daemon.port, "ZWO CCD Main <1>");
  await renamed.connect();
  expect(renamed.values("NICKNAME")).toEqual({ nickname: "Main <1>" });
  expect(readFits((await renamed.expose()).data).keywords.get("INSTRUME")).toBe("ZWO CCD Main <1>");
});

it("does not wait for itself when a file says to load a file", async () => {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  const load = '<oneSwitch name="CONFIG_LOAD">On</oneSwitch>';
  const request = `<newSwitchVector device="${DEVICE}" name="CONFIG_PROCESS">${load}</newSwitchVector>`;
  writeFileSync(file(), `<INDIDriver>${request}</INDIDriver>`);
  expect((await configure("LOAD")).state).toBe("Ok");
});

describe("what KStars sends for a picture, back to back in one write", () => {
  const vector = (kind: string, name: string, values: Readonly<Record<string, string>>) =>
    `<new${kind}Vector device="${DEVICE}" name="${name}">${Object.entries(values)
      .map(([element, value]) => `<one${kind} name="${element}">\n${value}\n</one${kind}>`)
      .join("")}</new${kind}Vector>\n`;

  it("is carried out in its order: the picture has exactly these settings", async () => {
    const sliders = observer.values("CCD_CONTROLS");
    const peer = await Conversation.connect(daemon.port);
    peer.send(`<getProperties version="1.7"/><enableBLOB device="${DEVICE}">Also</enableBLOB>`);
    for (const [gain, type, bin, format, bits] of [
      ["200.00000000000000000000", "DARK", "2", "RAW8", 8],
      ["100.00000000000000000000", "FLAT", "1", "RAW16", 16],
    ] as const) {
      peer.send(
        [
          vector("Number", "CCD_CONTROLS", { ...sliders, Gain: gain }),
          vector("Number", "CCD_CONTROLS", { ...sliders, Gain: gain, Offset: "77" }),
          vector("Number", "CCD_BINNING", { HOR_BIN: bin, VER_BIN: bin }),
          vector("Number", "CCD_FRAME", { X: "202", Y: "102", WIDTH: "666", HEIGHT: "402" }),
          vector("Switch", "CCD_CAPTURE_FORMAT", { [`ASI_IMG_${format}`]: "On" }),
          vector("Switch", "CCD_TRANSFER_FORMAT", { FORMAT_FITS: "On" }),
          vector("Switch", "CCD_FRAME_TYPE", { [`FRAME_${type}`]: "On" }),
          vector("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.10000000000000000555" }),
        ].join(""),
      );
      const { children } = await peer.expect("setBLOBVector", { name: "CCD1" });
      const { keywords } = readFits(children[0]?.data ?? new Uint8Array());
      const factor = Number(bin);
      expect(Object.fromEntries(keywords)).toMatchObject({
        BITPIX: bits,
        NAXIS1: 666 / factor,
        NAXIS2: 402 / factor,
        XBINNING: factor,
        XORGSUBF: 202 / factor,
        YORGSUBF: 102 / factor,
        EXPTIME: 0.1,
        GAIN: Number(gain),
        OFFSET: 77,
        IMAGETYP: type === "DARK" ? "Dark Frame" : "Flat Frame",
      });
    }
    peer.close();
  });
});
