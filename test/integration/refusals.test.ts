import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Conversation, valuesIn } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";
import { flaw } from "./pattern.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

let daemon: DaemonProcess;
let observer: Observer;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI290MM Mini", env: { ASI_SIM_PATTERN: "1" } });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
});
afterAll(() => daemon.stop());

/** A request for one element. */
function ask(kind: "Number" | "Switch" | "Text", vector: string, element: string, value: string) {
  const one = `<one${kind} name="${element}">${value}</one${kind}>`;
  return `<new${kind}Vector device="${DEVICE}" name="${vector}">${one}</new${kind}Vector>`;
}

describe("while another client's exposure runs", () => {
  let peer: Conversation;
  let picture: Promise<{ readonly data: Uint8Array }>;
  let frame = 0;

  beforeEach(async () => {
    peer = await Conversation.connect(daemon.port);
    peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
    await peer.hearAll();
    picture = observer.expose(0.3);
    await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
  });

  afterEach(async () => {
    peer.close();
    const shown = { left: 0, top: 0, width: 1936, height: 1096, binning: 1, frame: frame++ };
    expect(flaw((await picture).data, shown, 12)).toBeUndefined();
  });

  it.each([
    ["that is no number", ask("Number", "CCD_CONTROLS", "Gain", "abc"), /Bad number "abc"/],
    ["that is not a number", ask("Number", "CCD_CONTROLS", "Gain", "nan"), /Bad number "nan"/],
    ["that is infinite", ask("Number", "CCD_CONTROLS", "Gain", "inf"), /Bad number "inf"/],
    [
      "below the range",
      ask("Number", "CCD_CONTROLS", "Gain", "-1"),
      /from 0 to 600\. Req.* is -1 \(Gain\)$/,
    ],
    [
      "above the range",
      ask("Number", "CCD_CONTROLS", "Gain", "601"),
      /from 0 to 600\. Req.* 601 \(Gain\)$/,
    ],
    ["for no element", ask("Number", "CCD_CONTROLS", "Volume", "1"), /Volume is not a member/],
  ])("a number %s is answered with Alert and the true value", async (_, request, text) => {
    peer.send(request);
    const answer = await peer.expect("setNumberVector", { name: "CCD_CONTROLS" });
    expect(answer.attributes).toMatchObject({
      state: "Alert",
      message: expect.stringMatching(text),
    });
    expect(valuesIn(answer)).toMatchObject({ Gain: "0" });
  });

  it.each([
    [
      "no switch on",
      ask("Switch", "CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16", "Off"),
      /No switch is on/,
    ],
    [
      "a word for a switch",
      ask("Switch", "CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8", "Onward"),
      /On or Off/,
    ],
    ["an unknown switch", ask("Switch", "CCD_CAPTURE_FORMAT", "ASI_IMG_JPG", "On"), /not a member/],
    [
      "two switches on",
      ask("Switch", "CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8", "On").replace(
        "<oneSwitch",
        '<oneSwitch name="ASI_IMG_RAW16">On</oneSwitch><oneSwitch',
      ),
      /Too many switches are on/,
    ],
    [
      "a number for a switch",
      ask("Number", "CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8", "1"),
      /not a Num/,
    ],
  ])("%s is answered with Alert and the true selection", async (_, request, text) => {
    peer.send(request);
    const answer = await peer.expect("setSwitchVector", { name: "CCD_CAPTURE_FORMAT" });
    expect(answer.attributes).toMatchObject({
      state: "Alert",
      message: expect.stringMatching(text),
    });
    expect(valuesIn(answer)).toEqual({ ASI_IMG_RAW8: "Off", ASI_IMG_RAW16: "On" });
  });

  it("a write to a read-only property is answered with Alert and the true values", async () => {
    peer.send(ask("Number", "CCD_INFO", "CCD_MAX_X", "100"));
    const answer = await peer.expect("setNumberVector", { name: "CCD_INFO" });
    expect(answer.attributes).toMatchObject({
      state: "Alert",
      message: "[ERROR] CCD_INFO is read-only.",
    });
    expect(valuesIn(answer)).toMatchObject({ CCD_MAX_X: "1936" });
  });

  it("an unknown property is answered with a message of the device", async () => {
    peer.send(ask("Number", "NO_SUCH", "THING", "1"));
    const { message } = (await peer.expect("message", { device: DEVICE })).attributes;
    expect(message).toBe(`[ERROR] ${DEVICE} has no property NO_SUCH.`);
  });

  it("an unknown device is answered with a message", async () => {
    peer.send(ask("Number", "CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", "1").replace(DEVICE, "Nobody"));
    const { message } = (await peer.expect("message")).attributes;
    expect(message).toBe("[ERROR] There is no device Nobody.");
  });

  it("a frame beyond the sensor is answered once the exposure is over", async () => {
    peer.send(ask("Number", "CCD_FRAME", "X", "1935"));
    const answer = await peer.expect("setNumberVector", { name: "CCD_FRAME", state: "Alert" });
    expect(answer.attributes.message).toMatch(/horizontal start 1935 and size 1936 do not fit/);
    expect(valuesIn(answer)).toEqual({ X: "0", Y: "0", WIDTH: "1936", HEIGHT: "1096" });
  });

  it.each([
    ["tags that do not match", "<getProperties version='1.7'></enableBLOB>"],
    ["a tag that is no tag", "<<<<"],
    ["attributes without end", `<newTextVector device="${"x".repeat(3 * 2 ** 20)}`],
    ["depth without end", "<a>".repeat(200)],
    ["bytes that are no text", Buffer.from([0x3c, 0x00, 0xff, 0xfe, 0x00, 0x3e])],
  ])("%s cost their sender the connection and nobody else", async (_, nonsense) => {
    const bystander = await Conversation.connect(daemon.port);
    peer.send(nonsense);
    await peer.expectEnd();
    bystander.send(`<getProperties version="1.7" device="${DEVICE}" name="CONNECTION"/>`);
    await bystander.expect("defSwitchVector", { name: "CONNECTION" });
    bystander.close();
  });
});

it("answers a second exposure by replacing the first, says so, and leaves none Busy", async () => {
  const peer = await Conversation.connect(daemon.port);
  peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
  peer.send(ask("Number", "CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", "30"));
  await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
  peer.send(ask("Number", "CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", "0.01"));
  await peer.expect("message", {
    message: "[INFO] The running exposure was given up for a new one.",
  });
  const ended = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
  expect(valuesIn(ended)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
  peer.close();
});

it("ends an aborted exposure at once as Idle, and takes the next picture", async () => {
  const peer = await Conversation.connect(daemon.port);
  peer.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
  peer.send(ask("Number", "CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", "30"));
  await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Busy" });
  peer.send(ask("Switch", "CCD_ABORT_EXPOSURE", "ABORT", "On"));
  const ended = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Idle" });
  expect(valuesIn(ended)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
  const abort = await peer.expect("setSwitchVector", { name: "CCD_ABORT_EXPOSURE", state: "Ok" });
  expect(valuesIn(abort)).toEqual({ ABORT: "Off" });
  peer.close();
  expect((await observer.expose(0.01)).size).toBeGreaterThan(1936 * 1096 * 2);
});

it.each([
  ["0", /Valid range is from 3\.2e-05 to 2000\. Requested value is 0$/],
  ["2001", /Valid range is from 3\.2e-05 to 2000\. Requested value is 2001$/],
])("refuses an exposure of %s s", async (seconds, text) => {
  const peer = await Conversation.connect(daemon.port);
  peer.send(ask("Number", "CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", seconds));
  const answer = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE" });
  expect(answer.attributes).toMatchObject({ state: "Alert", message: expect.stringMatching(text) });
  peer.close();
});
