import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CODES, CONTROL, World } from "./world.js";

let world: World;
beforeAll(() => {
  world = new World({
    ASI_SIM_CAMERAS: "ASI2600MC Pro,ZWO ASI120MM,ASI290MM Mini,ASI290MM Mini,ASI178MC",
  });
  for (const id of [0, 1, 2, 3, 4]) world.open(id);
});
afterAll(() => world.close());

/** All writable controls but exposure, flip and cooling: name, range and default. */
function listed(id: number) {
  const count = world.ints("ASIGetNumOfControls", id, 1)[0] ?? 0;
  const hidden: number[] = [CONTROL.EXPOSURE, CONTROL.FLIP, CONTROL.TARGET_TEMP, CONTROL.COOLER_ON];
  return Array.from({ length: count }, (_, index) => world.control(id, index))
    .filter((control) => control.IsWritable && !hidden.includes(control.ControlType))
    .map(({ Name, MinValue, MaxValue, DefaultValue }) => [Name, MinValue, MaxValue, DefaultValue]);
}

describe("the models", () => {
  it("lists the controls of the ASI2600MC Pro as recorded from the real one", () => {
    expect(listed(0)).toEqual([
      ["Gain", 0, 700, 0],
      ["WB_R", 1, 99, 52],
      ["WB_B", 1, 99, 95],
      ["Offset", 0, 240, 50],
      ["BandWidth", 40, 100, 50],
      ["AutoExpMaxGain", 0, 700, 350],
      ["AutoExpMaxExpMS", 1, 60000, 100],
      ["AutoExpTargetBrightness", 50, 160, 100],
      ["HardwareBin", 0, 1, 0],
      ["HighSpeedMode", 0, 1, 0],
      ["MonoBin", 0, 1, 0],
      ["FanOn", 0, 1, 1],
      ["AntiDewHeater", 0, 1, 0],
    ]);
  });

  it("lists the controls of the ASI120MM as recorded from the real one", () => {
    expect(listed(1)).toEqual([
      ["Gain", 0, 100, 50],
      ["Gamma", 1, 100, 50],
      ["Offset", 0, 20, 8],
      ["BandWidth", 40, 100, 50],
      ["AutoExpMaxGain", 0, 100, 50],
      ["AutoExpMaxExpMS", 1, 60000, 100],
      ["AutoExpTargetBrightness", 50, 160, 100],
      ["HighSpeedMode", 0, 1, 0],
    ]);
  });

  it("starts every list with Gain and Exposure, in the ranges of the model", () => {
    expect(world.control(0, 1)).toMatchObject({ Name: "Exposure", MinValue: 32, MaxValue: 2e9 });
    expect(world.control(1, 1)).toMatchObject({ Name: "Exposure", MinValue: 64, MaxValue: 1e9 });
    expect(world.control(4, 0)).toMatchObject({ Name: "Gain", MaxValue: 510, IsAutoSupported: 1 });
  });

  it("describes a cooled colour camera", () => {
    expect(world.property(0)).toMatchObject({
      Name: "ZWO ASI2600MC Pro",
      CameraID: 0,
      MaxWidth: 6248,
      MaxHeight: 4176,
      IsColorCam: 1,
      BayerPattern: 0,
      SupportedBins: new Int32Array([1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      SupportedVideoFormat: new Int32Array([0, 1, 2, 3, -1, 0, 0, 0]),
      PixelSize: 3.76,
      MechanicalShutter: 0,
      ST4Port: 0,
      IsCoolerCam: 1,
      IsUSB3Camera: 1,
      BitDepth: 16,
      IsTriggerCam: 0,
    });
  });

  it("describes an uncooled mono camera with a guide port", () => {
    expect(world.property(2)).toMatchObject({
      MaxWidth: 1936,
      MaxHeight: 1096,
      IsColorCam: 0,
      ST4Port: 1,
      IsCoolerCam: 0,
      IsUSB3Camera: 0,
      BitDepth: 12,
    });
  });

  it("gives two cameras of one model different serial numbers, and old USB 2 ones none", () => {
    expect(world.identity("ASIGetSerialNumber", 2)).toBe("513d290f00000001");
    expect(world.identity("ASIGetSerialNumber", 3)).toBe("513d290f00000002");
    expect(world.identity("ASIGetSerialNumber", 1)).toBe(CODES.GENERAL_ERROR);
  });

  it("keeps an ID in the flash of USB 3 cameras only", () => {
    const id = { id: [1, 2, 3, 4, 5, 6, 7, 255] };
    expect(world.call("ASISetID", 0, id)).toBe(CODES.SUCCESS);
    expect(world.identity("ASIGetID", 0)).toBe("01020304050607ff");
    expect(world.call("ASISetID", 2, id)).toBe(CODES.GENERAL_ERROR);
  });

  it("follows the gain with the electrons per ADU, 20 dB for 200 steps", () => {
    world.call("ASISetControlValue", 0, CONTROL.GAIN, 0, 0);
    expect(world.property(0).ElecPerADU).toBeCloseTo(0.763, 3);
    world.call("ASISetControlValue", 0, CONTROL.GAIN, 200, 0);
    expect(world.property(0).ElecPerADU).toBeCloseTo(0.0763, 4);
  });

  it("offers gain and offset presets", () => {
    expect(world.ints("ASIGetGainOffset", 0, 4)).toEqual([50, 50, 400, 50]);
    expect(world.ints("ASIGetLMHGainOffset", 0, 4)).toEqual([0, 100, 400, 50]);
  });

  it("owns up to being a simulator in its version", () => {
    expect(world.version()).toBe("1, 39, 0, 0 (simulator)");
  });

  it("knows its products", () => {
    expect(world.call("ASICameraCheck", 0x03c3, 0x120a)).toBe(1);
    expect(world.call("ASICameraCheck", 0x03c3, 0xffff)).toBe(0);
    expect(world.call("ASIGetProductIDs", null)).toBe(9);
  });

  it("has no camera when a model is unknown or none is asked for", () => {
    const unknown = new World({ ASI_SIM_CAMERAS: "ASI120MM,ASI9999XX" });
    const empty = new World({ ASI_SIM_CAMERAS: "" });
    expect(unknown.call("ASIGetNumOfConnectedCameras")).toBe(0);
    expect(empty.call("ASIGetNumOfConnectedCameras")).toBe(0);
    unknown.close();
    empty.close();
  });
});
