import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CODES, CONTROL, FORMAT, until, World } from "./world.js";

const CAMERAS = "ASI2600MC Pro,ASI120MM,ASI120MM-S,ASI174MM Trigger";
const COLOUR = 0;
const BLOCKS = 1;
const MONO = 2;
const TRIGGER = 3;

const directory = mkdtempSync(join(tmpdir(), "asi-rules-"));
let world: World;
beforeAll(() => {
  world = new World({ ASI_SIM_CAMERAS: CAMERAS, ASI_SIM_PATTERN: "1" });
});
afterAll(() => {
  world.close();
  rmSync(directory, { recursive: true });
});

/** Every function of an open camera, with parameters that would do. */
const buffer = new Uint8Array(1280 * 960 * 2);
const out = () => Buffer.alloc(512);
const cameraCalls: Record<string, unknown[]> = {
  ASIGetNumOfControls: [out()],
  ASIGetControlCaps: [0, out()],
  ASIGetControlValue: [0, out(), out()],
  ASISetControlValue: [0, 1, 0],
  ASISetROIFormat: [64, 32, 1, 0],
  ASIGetROIFormat: [out(), out(), out(), out()],
  ASISetStartPos: [0, 0],
  ASIGetStartPos: [out(), out()],
  ASIGetDroppedFrames: [out()],
  ASIEnableDarkSubtract: ["/nowhere.bmp"],
  ASIDisableDarkSubtract: [],
  ASIStartVideoCapture: [],
  ASIStopVideoCapture: [],
  ASIGetVideoData: [buffer, buffer.length, 10],
  ASIGetVideoDataGPS: [buffer, buffer.length, 10, out()],
  ASIPulseGuideOn: [0],
  ASIPulseGuideOff: [0],
  ASIStartExposure: [0],
  ASIStopExposure: [],
  ASIGetExpStatus: [out()],
  ASIGetDataAfterExp: [buffer, buffer.length],
  ASIGetDataAfterExpGPS: [buffer, buffer.length, out()],
  ASIGetID: [out()],
  ASISetID: [{ id: [0, 0, 0, 0, 0, 0, 0, 0] }],
  ASIGetSerialNumber: [out()],
  ASIGetGainOffset: [out(), out(), out(), out()],
  ASIGetLMHGainOffset: [out(), out(), out(), out()],
  ASIGetCameraSupportMode: [out()],
  ASIGetCameraMode: [out()],
  ASISetCameraMode: [0],
  ASISendSoftTrigger: [1],
  ASISetTriggerOutputIOConf: [0, 1, 0, 0],
  ASIGetTriggerOutputIOConf: [0, out(), out(), out()],
  ASIGPSGetData: [out(), out()],
  ASIInitCamera: [],
};

const codes = (id: number) =>
  Object.entries(cameraCalls).map(([name, rest]) => [name, world.call(name, id, ...rest)]);
const every = (code: number) => Object.keys(cameraCalls).map((name) => [name, code]);

describe("without a camera", () => {
  it("answers INVALID_ID to every call for an ID nobody has", () => {
    expect(codes(17)).toEqual(every(CODES.INVALID_ID));
    expect(codes(-1)).toEqual(every(CODES.INVALID_ID));
    expect(world.call("ASIOpenCamera", 128)).toBe(CODES.INVALID_ID);
    expect(world.call("ASICloseCamera", 4)).toBe(CODES.INVALID_ID);
  });

  it("answers INVALID_INDEX beyond the list", () => {
    expect(world.call("ASIGetCameraProperty", out(), 4)).toBe(CODES.INVALID_INDEX);
    expect(world.call("ASIGetCameraProperty", out(), -1)).toBe(CODES.INVALID_INDEX);
    expect(world.call("ASIGetCameraPropertyByID", 4, out())).toBe(CODES.INVALID_ID);
  });

  it("answers CAMERA_CLOSED to every call for a closed camera", () => {
    expect(codes(MONO)).toEqual(every(CODES.CAMERA_CLOSED));
    expect(world.call("ASICloseCamera", MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIGetCameraPropertyByID", MONO, out())).toBe(CODES.SUCCESS);
  });

  it("tells who it is, but takes nothing, between opening and initialising", () => {
    world.call("ASIOpenCamera", MONO);
    expect(world.call("ASIGetSerialNumber", MONO, out())).toBe(CODES.SUCCESS);
    expect(world.call("ASIGetNumOfControls", MONO, out())).toBe(CODES.SUCCESS);
    expect(world.call("ASIStartExposure", MONO, 0)).toBe(CODES.CAMERA_CLOSED);
    expect(world.call("ASISetControlValue", MONO, 0, 1, 0)).toBe(CODES.CAMERA_CLOSED);
  });

  it("answers CAMERA_REMOVED to every call for a camera that was pulled out", () => {
    world.open(MONO);
    world.call("SimUnplug", MONO);
    expect(codes(MONO)).toEqual(every(CODES.CAMERA_REMOVED));
    expect(world.call("ASIGetNumOfConnectedCameras")).toBe(3);
    world.call("SimPlug", MONO);
    expect(codes(MONO)).toEqual(every(CODES.CAMERA_REMOVED));
    world.call("ASICloseCamera", MONO);
    expect(world.call("ASIOpenCamera", MONO)).toBe(CODES.CAMERA_REMOVED);
    expect(world.call("ASIGetNumOfConnectedCameras")).toBe(4);
    expect(world.call("ASIOpenCamera", MONO)).toBe(CODES.SUCCESS);
    world.call("ASICloseCamera", MONO);
  });
});

describe("with an open camera", () => {
  beforeEach(() => {
    for (const id of [COLOUR, BLOCKS, MONO, TRIGGER]) {
      world.call("ASICloseCamera", id);
      world.open(id);
    }
  });

  const roi = (id: number, ...rest: number[]) => world.call("ASISetROIFormat", id, ...rest);
  const set = (id: number, type: number, value: number) =>
    world.call("ASISetControlValue", id, type, value, 0);
  const exposeLong = (id: number) => {
    set(id, CONTROL.EXPOSURE, 60_000_000);
    return world.call("ASIStartExposure", id, 0);
  };

  it("starts with the whole sensor in RAW8, unbinned", () => {
    expect(world.ints("ASIGetROIFormat", COLOUR, 4)).toEqual([6248, 4176, 1, FORMAT.RAW8]);
  });

  it.each([
    ["a width that is not a multiple of 8", [636, 480, 1, 0], CODES.INVALID_SIZE],
    ["an odd height", [640, 481, 1, 0], CODES.INVALID_SIZE],
    ["no width", [0, 480, 1, 0], CODES.INVALID_SIZE],
    ["more than the sensor", [1288, 960, 1, 0], CODES.INVALID_SIZE],
    ["more than the binned sensor", [648, 480, 2, 0], CODES.INVALID_SIZE],
    ["a binning the camera has not", [320, 240, 3, 0], CODES.INVALID_SIZE],
    ["a colour format of a mono camera", [640, 480, 1, 1], CODES.INVALID_IMGTYPE],
    ["a format nobody knows", [640, 480, 1, 9], CODES.INVALID_IMGTYPE],
  ])("refuses %s", (_, parameters, code) => {
    expect(roi(MONO, ...parameters)).toBe(code);
    expect(world.ints("ASIGetROIFormat", MONO, 4)).toEqual([1280, 960, 1, 0]);
  });

  it("wants blocks of 1024 pixels from the USB 2 ASI120 only", () => {
    expect(roi(BLOCKS, 200, 100, 1, 0)).toBe(CODES.INVALID_SIZE);
    expect(roi(MONO, 200, 100, 1, 0)).toBe(CODES.SUCCESS);
    expect(roi(BLOCKS, 256, 100, 1, 0)).toBe(CODES.SUCCESS);
  });

  it("moves a new region to the middle and aligns starts without a word", () => {
    roi(COLOUR, 640, 480, 2, 0);
    expect(world.ints("ASIGetStartPos", COLOUR, 2)).toEqual([1240, 804]);
    expect(world.call("ASISetStartPos", COLOUR, 7, 5)).toBe(CODES.SUCCESS);
    expect(world.ints("ASIGetStartPos", COLOUR, 2)).toEqual([4, 4]);
    roi(MONO, 640, 480, 1, 0);
    world.call("ASISetStartPos", MONO, 7, 5);
    expect(world.ints("ASIGetStartPos", MONO, 2)).toEqual([7, 5]);
  });

  it("refuses a start outside the sensor", () => {
    roi(MONO, 640, 480, 1, 0);
    expect(world.call("ASISetStartPos", MONO, 641, 0)).toBe(CODES.OUTOF_BOUNDARY);
    expect(world.call("ASISetStartPos", MONO, 0, 481)).toBe(CODES.OUTOF_BOUNDARY);
    expect(world.call("ASISetStartPos", MONO, -1, 0)).toBe(CODES.OUTOF_BOUNDARY);
    expect(world.call("ASISetStartPos", MONO, 640, 480)).toBe(CODES.SUCCESS);
  });

  it("clamps control values without a word and refuses controls it has not", () => {
    expect(set(MONO, CONTROL.GAIN, 5000)).toBe(CODES.SUCCESS);
    expect(world.value(MONO, CONTROL.GAIN)).toBe(100);
    expect(set(MONO, CONTROL.GAIN, -5)).toBe(CODES.SUCCESS);
    expect(world.value(MONO, CONTROL.GAIN)).toBe(0);
    expect(set(MONO, CONTROL.COOLER_ON, 1)).toBe(CODES.INVALID_CONTROL_TYPE);
    expect(set(MONO, 99, 1)).toBe(CODES.INVALID_CONTROL_TYPE);
    expect(set(MONO, CONTROL.TEMPERATURE, 0)).toBe(CODES.GENERAL_ERROR);
    const value = world.call("ASIGetControlValue", MONO, CONTROL.WB_R, out(), out());
    expect(value).toBe(CODES.INVALID_CONTROL_TYPE);
    expect(world.call("ASIGetControlCaps", MONO, 40, out())).toBe(CODES.INVALID_CONTROL_TYPE);
  });

  it("takes one thing at a time", () => {
    expect(exposeLong(MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIStartExposure", MONO, 0)).toBe(CODES.EXPOSURE_IN_PROGRESS);
    expect(world.call("ASIStartVideoCapture", MONO)).toBe(CODES.EXPOSURE_IN_PROGRESS);
    expect(roi(MONO, 640, 480, 1, 0)).toBe(CODES.INVALID_SEQUENCE);
    expect(world.call("ASISetCameraMode", MONO, 0)).toBe(CODES.INVALID_SEQUENCE);
    world.call("ASIStopExposure", MONO);
    expect(world.call("ASIStartVideoCapture", MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIStartVideoCapture", MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIStartExposure", MONO, 0)).toBe(CODES.VIDEO_MODE_ACTIVE);
    expect(world.call("ASIGetDataAfterExp", MONO, buffer, buffer.length)).toBe(
      CODES.VIDEO_MODE_ACTIVE,
    );
    expect(roi(MONO, 640, 480, 1, 0)).toBe(CODES.INVALID_SEQUENCE);
    expect(world.call("ASIStopVideoCapture", MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIStopVideoCapture", MONO)).toBe(CODES.SUCCESS);
    expect(world.call("ASIGetVideoData", MONO, buffer, buffer.length, 0)).toBe(CODES.GENERAL_ERROR);
  });

  it("has no data before an exposure is over, and none for a buffer too small", async () => {
    const read = (size: number) => world.call("ASIGetDataAfterExp", MONO, buffer, size);
    roi(MONO, 640, 480, 1, FORMAT.RAW16);
    expect(read(buffer.length)).toBe(CODES.TIMEOUT);
    exposeLong(MONO);
    expect(read(buffer.length)).toBe(CODES.TIMEOUT);
    world.call("ASIStopExposure", MONO);
    set(MONO, CONTROL.EXPOSURE, 100);
    world.call("ASIStartExposure", MONO, 0);
    await until(() => world.status(MONO) === 2);
    expect(read(640 * 480 * 2 - 1)).toBe(CODES.BUFFER_TOO_SMALL);
    expect(read(640 * 480 * 2)).toBe(CODES.SUCCESS);
    expect(world.status(MONO)).toBe(2);
    world.call("ASIStartVideoCapture", MONO);
    expect(world.call("ASIGetVideoData", MONO, buffer, 99, 10)).toBe(CODES.BUFFER_TOO_SMALL);
  });

  it("leaves a picture to read when an exposure is stopped", async () => {
    exposeLong(MONO);
    const started = performance.now();
    await until(() => performance.now() - started > 20);
    expect(world.status(MONO)).toBe(1);
    world.call("ASIStopExposure", MONO);
    expect(world.status(MONO)).toBe(2);
    expect(world.call("ASIGetDataAfterExp", MONO, buffer, buffer.length)).toBe(CODES.SUCCESS);
  });

  it("guides only where there is a port, in four directions", () => {
    expect(world.call("ASIPulseGuideOn", COLOUR, 0)).toBe(CODES.GENERAL_ERROR);
    expect(world.call("ASIPulseGuideOn", MONO, 4)).toBe(CODES.GENERAL_ERROR);
    expect(world.call("ASIPulseGuideOff", MONO, -1)).toBe(CODES.GENERAL_ERROR);
    for (const direction of [0, 1, 2, 3]) {
      expect(world.call("ASIPulseGuideOn", MONO, direction)).toBe(CODES.SUCCESS);
      expect(world.call("ASIPulseGuideOff", MONO, direction)).toBe(CODES.SUCCESS);
    }
  });

  it("has modes and trigger pins only where there is a trigger port", () => {
    const modes = (id: number) => {
      const buffer = new Int32Array(16);
      world.call("ASIGetCameraSupportMode", id, buffer);
      return [...buffer].slice(0, 8);
    };
    expect(modes(MONO)).toEqual([0, -1, -1, -1, -1, -1, -1, -1]);
    expect(modes(TRIGGER)).toEqual([0, 1, 2, 3, 4, 5, 6, -1]);
    expect(world.call("ASISetCameraMode", MONO, 1)).toBe(CODES.INVALID_MODE);
    expect(world.call("ASISetCameraMode", TRIGGER, 7)).toBe(CODES.INVALID_MODE);
    expect(world.call("ASISendSoftTrigger", TRIGGER, 1)).toBe(CODES.INVALID_MODE);
    expect(world.call("ASISetCameraMode", TRIGGER, 1)).toBe(CODES.SUCCESS);
    expect(world.ints("ASIGetCameraMode", TRIGGER, 1)).toEqual([1]);
    expect(world.call("ASISendSoftTrigger", TRIGGER, 1)).toBe(CODES.INVALID_SEQUENCE);
    expect(world.call("ASIStartExposure", TRIGGER, 0)).toBe(CODES.INVALID_MODE);
    world.call("ASIStartVideoCapture", TRIGGER);
    expect(set(TRIGGER, CONTROL.EXPOSURE, 1000)).toBe(CODES.INVALID_SEQUENCE);

    const pin = (...rest: number[]) => world.call("ASISetTriggerOutputIOConf", ...rest);
    expect(pin(TRIGGER, 1, 1, 5, 2_000_000_000)).toBe(CODES.SUCCESS);
    expect(pin(TRIGGER, 1, 1, -1, 5)).toBe(CODES.GENERAL_ERROR);
    expect(pin(TRIGGER, 2, 1, 0, 5)).toBe(CODES.GENERAL_ERROR);
    expect(pin(MONO, 0, 1, 0, 5)).toBe(CODES.GENERAL_ERROR);
    const [high, delay, duration] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
    world.call("ASIGetTriggerOutputIOConf", TRIGGER, 1, high, delay, duration);
    expect([high, delay, duration].map((value) => value.readInt32LE())).toEqual([
      1, 5, 2_000_000_000,
    ]);
  });

  it("has GPS data only with a receiver, and after a frame", () => {
    expect(world.call("ASIGPSGetData", MONO, out(), out())).toBe(CODES.GPS_NOT_SUPPORTED);
    expect(world.call("ASIGPSGetData", TRIGGER, out(), out())).toBe(CODES.GPS_DATA_INVALID);
    expect(world.call("ASIGetDataAfterExpGPS", MONO, buffer, buffer.length, out())).toBe(
      CODES.GPS_NOT_SUPPORTED,
    );
  });

  it("subtracts only a dark that is a bitmap of 8 bits and the sensor's size", () => {
    const bitmap = (width: number, height: number, bits: number) => {
      const head = Buffer.alloc(54);
      head.write("BM");
      head.writeInt32LE(width, 18);
      head.writeInt32LE(height, 22);
      head.writeInt16LE(bits, 28);
      const path = join(directory, `${width}x${height}-${bits}.bmp`);
      writeFileSync(path, head);
      return path;
    };
    const enable = (path: string) => world.call("ASIEnableDarkSubtract", MONO, path);
    expect(enable("/nowhere.bmp")).toBe(CODES.INVALID_PATH);
    expect(enable("/proc/self/status")).toBe(CODES.INVALID_FILEFORMAT);
    expect(enable(bitmap(1280, 960, 24))).toBe(CODES.INVALID_FILEFORMAT);
    expect(enable(bitmap(640, 480, 8))).toBe(CODES.INVALID_FILEFORMAT);
    expect(enable(bitmap(1280, 960, 8))).toBe(CODES.SUCCESS);
    expect(world.call("ASIDisableDarkSubtract", MONO)).toBe(CODES.SUCCESS);
  });
});
