import { describe, expect, test } from "vitest";
import {
  defineBlobs,
  defineLights,
  defineNumbers,
  defineSwitches,
  defineTexts,
} from "../../src/indi/definition.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";

const FRAME = defineNumbers("CCD_FRAME", {
  label: "Frame",
  group: "Image Settings",
  perm: "rw",
  elements: {
    X: { label: "Left", format: "%4.0f", min: 0, max: 99 },
    WIDTH: { label: "Width", format: "%4.0f", min: 1, max: 100, value: 100 },
    ANY: { label: "No range", min: 0, max: 0 },
  },
});

const FORMAT = defineSwitches("FORMAT", {
  label: "Format",
  group: "Image Settings",
  perm: "rw",
  rule: "OneOfMany",
  elements: { RAW8: { label: "Raw 8" }, RAW16: { label: "Raw 16", on: true } },
});

const CONFIG = defineSwitches("CONFIG", {
  label: "Configuration",
  group: "Options",
  perm: "rw",
  rule: "AtMostOne",
  elements: { LOAD: { label: "Load" }, SAVE: { label: "Save" } },
});

const FLIP = defineSwitches("FLIP", {
  label: "Flip",
  group: "Controls",
  perm: "rw",
  rule: "AnyOfMany",
  elements: { HORIZONTAL: { label: "Horizontal" }, VERTICAL: { label: "Vertical" } },
});

const NAMES = defineTexts("NAMES", {
  label: "Names",
  group: "Options",
  perm: "rw",
  elements: { "First name": { label: "First" }, LAST: { label: "Last", value: "Hubble" } },
});

const POWER = defineNumbers("POWER", {
  label: "Cooling Power",
  group: "Main Control",
  perm: "ro",
  elements: { VALUE: { label: "Power (%)", min: 0, max: 100, value: 7 } },
});

describe("numbers", () => {
  function frame() {
    const device = new RecordedDevice();
    const vector = device.add(FRAME);
    device.told();
    return { device, vector };
  }

  test("are taken as they are where nobody handles them", () => {
    const { device, vector } = frame();
    device.ask("Number", "CCD_FRAME", { X: "1", WIDTH: "10.000000000000000555", ANY: "-1e9" });
    expect(device.told()).toEqual(["CCD_FRAME Ok X=1,WIDTH=10,ANY=-1000000000"]);
    expect(vector.value).toEqual({ X: 1, WIDTH: 10, ANY: -1e9 });
  });

  test("keep the elements a client does not send", () => {
    const { device } = frame();
    device.ask("Number", "CCD_FRAME", { WIDTH: "50" });
    expect(device.told()).toEqual(["CCD_FRAME Ok X=0,WIDTH=50,ANY=0"]);
  });

  test.each([
    [
      { X: "100", WIDTH: "5" },
      "Error: Invalid range for Frame (CCD_FRAME). Valid range is from 0 to 99. Requested value is 100 (X)",
    ],
    [
      { X: "5", WIDTH: "-1.5" },
      "Error: Invalid range for Frame (CCD_FRAME). Valid range is from 1 to 100. Requested value is -1.5 (WIDTH)",
    ],
    [{ X: "5", WIDTH: "abc" }, `Error: Bad number "abc" for Frame (CCD_FRAME) (WIDTH).`],
    [{ X: "nan" }, `Error: Bad number "nan" for Frame (CCD_FRAME) (X).`],
    [{ X: "5", Q: "1" }, "Error: Q is not a member of Frame (CCD_FRAME) property."],
    [{ toString: "1" }, "Error: toString is not a member of Frame (CCD_FRAME) property."],
    [{}, "Error: nothing was sent for Frame (CCD_FRAME)."],
  ])("are refused as a whole: %j", (values, message) => {
    const { device } = frame();
    device.ask("Number", "CCD_FRAME", values);
    expect(device.told()).toEqual([`CCD_FRAME Alert X=0,WIDTH=100,ANY=0 ${message}`]);
    expect(device.failures).toEqual([]);
  });

  test("are refused as texts", () => {
    const { device } = frame();
    device.ask("Text", "CCD_FRAME", { X: "1" });
    expect(device.told()).toEqual([
      "CCD_FRAME Alert X=0,WIDTH=100,ANY=0 Error: Frame (CCD_FRAME) is not a Text property.",
    ]);
  });

  test("may get other limits, which are told, defined and applied", () => {
    const { device, vector } = frame();
    vector.limit({ WIDTH: { min: 1, max: 10, step: 2 } });
    vector.limit({ WIDTH: { min: 1, max: 10, step: 2 } });
    expect(device.told()).toEqual(["CCD_FRAME Idle X=0,WIDTH=100,ANY=0"]);
    expect(vector.define("Camera").elements[1]).toMatchObject({ min: 1, max: 10, step: 2 });
    device.ask("Number", "CCD_FRAME", { WIDTH: "11" });
    expect(device.told()).toEqual([expect.stringContaining("from 1 to 10. Requested value is 11")]);
  });

  test("are not published with unknown elements or as no number", () => {
    const { vector } = frame();
    const misspelt = { X: 1, XX: 2 };
    expect(() => vector.publish(misspelt)).toThrow("CCD_FRAME has no element XX");
    expect(() => vector.publish({ X: Number.NaN })).toThrow("CCD_FRAME.X is no number");
    expect(vector.value.X).toBe(0);
  });
});

describe("what a driver publishes", () => {
  test("is told only if something has changed, and keeps the state if not said otherwise", () => {
    const device = new RecordedDevice();
    const power = device.add(POWER);
    device.told();
    power.publish({ VALUE: 7 });
    power.publish({ VALUE: 8 });
    power.publish({ VALUE: 8 }, "Busy");
    power.publish({ VALUE: 9 });
    power.publish({}, "Busy", "[INFO] still cooling");
    expect(device.told()).toEqual([
      "POWER Idle VALUE=8",
      "POWER Busy VALUE=8",
      "POWER Busy VALUE=9",
      "POWER Busy VALUE=9 [INFO] still cooling",
    ]);
  });
});

describe("a read-only property", () => {
  test("answers a write to its sender only, and is not touched", () => {
    const device = new RecordedDevice();
    const power = device.add(POWER);
    device.told();
    device.ask("Number", "POWER", { VALUE: "50" });
    expect(device.answered).toEqual(["POWER Alert VALUE=7 [ERROR] POWER is read-only."]);
    expect(device.told()).toEqual([]);
    expect(power.state).toBe("Idle");
  });
});

describe("switches", () => {
  function switches() {
    const device = new RecordedDevice();
    const format = device.add(FORMAT);
    const config = device.add(CONFIG);
    const flip = device.add(FLIP);
    device.told();
    return { device, format, config, flip };
  }

  test("of the rule OneOfMany are chosen by the one that is on", () => {
    const { device, format } = switches();
    device.ask("Switch", "FORMAT", { RAW8: "On" });
    expect(device.told()).toEqual(["FORMAT Ok RAW8=On,RAW16=Off"]);
    expect(format.selected).toBe("RAW8");
  });

  test.each([
    [{ RAW8: "On", RAW16: "On" }, "Too many switches are on."],
    [{ RAW8: "Off", RAW16: "Off" }, "No switch is on."],
    [{ RAW16: "Off" }, "No switch is on."],
  ])("of the rule OneOfMany are put back after %j", (values, reason) => {
    const { device, format } = switches();
    device.ask("Switch", "FORMAT", values);
    expect(device.told()).toEqual([
      `FORMAT Alert RAW8=Off,RAW16=On Error: invalid state switch for property Format (FORMAT). ${reason}`,
    ]);
    expect(format.selected).toBe("RAW16");
  });

  test.each([["on"], ["OnXYZ"], ["1"], [""]])("must be On or Off, not %j", (text) => {
    const { device } = switches();
    device.ask("Switch", "FORMAT", { RAW8: text });
    expect(device.told()).toEqual([
      `FORMAT Alert RAW8=Off,RAW16=On Error: a switch of Format (FORMAT) must be On or Off, not "${text}".`,
    ]);
  });

  test("with an unknown one among them are left as they were", () => {
    const { device, format } = switches();
    device.ask("Switch", "FORMAT", { RAW12: "On" });
    expect(device.told()).toEqual([
      "FORMAT Alert RAW8=Off,RAW16=On Error: RAW12 is not a member of Format (FORMAT) property.",
    ]);
    expect(format.selected).toBe("RAW16");
  });

  test("of the rule AtMostOne may all be off, and the newest one replaces the others", () => {
    const { device, config } = switches();
    expect(config.selected).toBeUndefined();
    device.ask("Switch", "CONFIG", { LOAD: "On" });
    device.ask("Switch", "CONFIG", { SAVE: "On" });
    device.ask("Switch", "CONFIG", { LOAD: "Off", SAVE: "Off" });
    device.ask("Switch", "CONFIG", { LOAD: "On", SAVE: "On" });
    expect(device.told()).toEqual([
      "CONFIG Ok LOAD=On,SAVE=Off",
      "CONFIG Ok LOAD=Off,SAVE=On",
      "CONFIG Ok LOAD=Off,SAVE=Off",
      "CONFIG Alert LOAD=Off,SAVE=Off Error: invalid state switch for property Configuration (CONFIG). Too many switches are on.",
    ]);
  });

  test("of the rule AnyOfMany change one by one", () => {
    const { device } = switches();
    device.ask("Switch", "FLIP", { VERTICAL: "On" });
    device.ask("Switch", "FLIP", { HORIZONTAL: "On" });
    device.ask("Switch", "FLIP", { VERTICAL: "Off" });
    expect(device.told()).toEqual([
      "FLIP Ok HORIZONTAL=Off,VERTICAL=On",
      "FLIP Ok HORIZONTAL=On,VERTICAL=On",
      "FLIP Ok HORIZONTAL=On,VERTICAL=Off",
    ]);
  });

  test("are published without breaking their rule", () => {
    const { device, format, flip } = switches();
    format.publish({ RAW8: true });
    format.select("RAW16", "Ok");
    flip.publish({ VERTICAL: true });
    expect(() => format.publish({ RAW16: false })).toThrow("FORMAT: No switch is on.");
    expect(device.told()).toEqual([
      "FORMAT Idle RAW8=On,RAW16=Off",
      "FORMAT Ok RAW8=Off,RAW16=On",
      "FLIP Idle HORIZONTAL=Off,VERTICAL=On",
    ]);
  });
});

describe("texts", () => {
  test("are trimmed, and may be empty", () => {
    const device = new RecordedDevice();
    const names = device.add(NAMES);
    device.told();
    device.ask("Text", "NAMES", { "First name": "\n  Edwin Powell \n", LAST: "" });
    expect(device.told()).toEqual(["NAMES Ok First name=Edwin Powell,LAST="]);
    expect(names.value["First name"]).toBe("Edwin Powell");
  });
});

describe("lights and BLOBs", () => {
  test("are shown and sent by the driver, and refuse every write", async () => {
    const device = new RecordedDevice();
    const lights = device.add(
      defineLights("STATE", {
        label: "State",
        group: "Main",
        elements: { CAMERA: { label: "Camera" } },
      }),
    );
    const image = device.add(
      defineBlobs("CCD1", {
        label: "Image",
        group: "Info",
        perm: "ro",
        elements: { CCD1: { label: "Image" } },
      }),
    );
    lights.publish({ CAMERA: "Busy" }, "Ok");
    await image.send("CCD1", { format: ".fits", bytes: new Uint8Array(2880) });
    device.ask("Text", "STATE", { CAMERA: "Ok" });
    device.ask("Text", "CCD1", { CCD1: "x" });
    await settle();
    expect(device.told()).toEqual([
      "def STATE Idle CAMERA=Idle",
      "def CCD1 Idle CCD1",
      "STATE Ok CAMERA=Busy",
      "CCD1.CCD1 .fits 2880",
    ]);
    expect(image.state).toBe("Ok");
    expect(device.answered).toEqual([
      "STATE Alert CAMERA=Busy [ERROR] STATE is read-only.",
      "CCD1 Alert  [ERROR] CCD1 is read-only.",
    ]);
  });
});

describe("a definition", () => {
  test("keeps the order of elements found at run time", () => {
    const device = new RecordedDevice();
    device.add(
      defineNumbers("CCD_CONTROLS", {
        label: "Controls",
        group: "Controls",
        perm: "rw",
        elements: new Map([
          ["Gain", { label: "Gain", min: 0, max: 570, value: 100 }],
          ["2", { label: "Second", min: 0, max: 1 }],
          ["1", { label: "First", min: 0, max: 1 }],
        ]),
      }),
    );
    device.ask("Number", "CCD_CONTROLS", { "1": "1" });
    expect(device.told()).toEqual([
      "def CCD_CONTROLS Idle Gain=100,2=0,1=0",
      "CCD_CONTROLS Ok Gain=100,2=0,1=1",
    ]);
  });

  test("must not have names an object would reorder, nor too long ones, nor a broken rule", () => {
    const spec = { label: "L", group: "G", perm: "rw" } as const;
    expect(() =>
      defineTexts("T", { ...spec, elements: { A: { label: "A" }, "1": { label: "1" } } }),
    ).toThrow('Element names such as "1" need a Map');
    expect(() => defineTexts("T".repeat(64), { ...spec, elements: { A: { label: "A" } } })).toThrow(
      "longer than 63 bytes",
    );
    expect(() =>
      defineSwitches("S", { ...spec, rule: "OneOfMany", elements: { A: { label: "A" } } }),
    ).toThrow("S: No switch is on.");
  });

  test("lets the compiler check the names of elements", () => {
    const device = new RecordedDevice();
    const frame = device.add(FRAME);
    const format = device.add(FORMAT);
    const config = device.add(CONFIG);
    const misuse = () => {
      // @ts-expect-error there is no such element
      frame.value.Q;
      // @ts-expect-error there is no such element
      frame.publish({ XX: 1 });
      // @ts-expect-error a number is no text
      frame.publish({ X: "12" });
      // @ts-expect-error there is no such switch
      format.selected === "RAW7";
      // @ts-expect-error perhaps no switch is on
      config.selected.length;
      // @ts-expect-error there is no such rule
      defineSwitches("S", { label: "", group: "", perm: "rw", rule: "AnyOne", elements: {} });
      // @ts-expect-error lights are not written
      device.add(defineLights("L", { label: "", group: "", elements: {} })).onNew(() => {});
    };
    expect(misuse).toBeTypeOf("function");
    expect(format.selected.length).toBe(5);
  });

  test("cannot be added twice", () => {
    const device = new RecordedDevice();
    device.add(FRAME);
    expect(() => device.add(FRAME)).toThrow("Camera has a property CCD_FRAME already");
  });
});
