import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  ASI_CAMERA_MODE,
  ASI_CONTROL_TYPE,
  ASI_EXPOSURE_STATUS,
  ASI_GUIDE_DIRECTION,
  ASI_IMG_TYPE,
  AsiCamera,
  AsiLibrary,
  cameraProperty,
  cameraPropertyById,
  GuideLines,
  numOfConnectedCameras,
} from "../../src/asi/index.js";

const SIMULATOR = fileURLToPath(new URL("../../simulator/build/libASICamera2.so", import.meta.url));
const USB2 = 0;
const COOLED = 1;

let library: AsiLibrary;

beforeAll(() => {
  process.env.ASI_SIM_CAMERAS = "ASI120MM,ASI2600MC Pro";
  process.env.ASI_SIM_PATTERN = "1";
  delete process.env.ASI_SIM_STATE;
  library = AsiLibrary.load(SIMULATOR);
});

/** A camera that is opened, and closed when the test ends. */
async function opened(index: number): Promise<AsiCamera> {
  const { cameraId } = await cameraProperty(library, index);
  const camera = new AsiCamera(library, cameraId);
  onTestFinished(() => camera.close());
  await camera.open();
  await camera.init();
  return camera;
}

/** The test pattern of the simulator at bin 1, before it is cut to the camera's bits. */
function pattern(x: number, y: number, frame: number): number {
  return (x * 257 + y * 1543 + 4099 + frame * 8209) % 65536;
}

async function exposed(camera: AsiCamera): Promise<void> {
  while ((await camera.getExpStatus()) === ASI_EXPOSURE_STATUS.ASI_EXP_WORKING) await setTimeout(1);
  expect(await camera.getExpStatus()).toBe(ASI_EXPOSURE_STATUS.ASI_EXP_SUCCESS);
}

test("The simulator has every function of the header", () => {
  expect(library.missing()).toEqual([]);
});

describe("enumeration", () => {
  test("Cameras are counted and described without being opened", async () => {
    expect(await numOfConnectedCameras(library)).toBe(2);
    expect(await cameraProperty(library, COOLED)).toMatchObject({
      name: "ZWO ASI2600MC Pro",
      maxWidth: 6248,
      maxHeight: 4176,
      isColorCam: true,
      isCoolerCam: true,
      supportedBins: [1, 2, 3, 4],
      pixelSize: 3.76,
      bitDepth: 16,
    });
    expect(await cameraProperty(library, USB2)).toMatchObject({
      name: "ZWO ASI120MM",
      st4Port: true,
      isUSB3Camera: false,
    });
  });

  test("An index beyond the last camera is an error", async () => {
    await expect(cameraProperty(library, 2)).rejects.toMatchObject({
      call: "ASIGetCameraProperty",
      codeName: "ASI_ERROR_INVALID_INDEX",
    });
  });

  test("An opened camera is described by its ID", async () => {
    const { cameraId } = await opened(COOLED);
    expect(await cameraPropertyById(library, cameraId)).toEqual(
      await cameraProperty(library, COOLED),
    );
  });
});

describe("controls", () => {
  test("Caps come by index, values by type", async () => {
    const camera = await opened(COOLED);
    const count = await camera.getNumOfControls();
    const caps = await Promise.all(
      Array.from({ length: count }, (_, index) => camera.getControlCaps(index)),
    );
    const target = caps.find(({ controlType }) => controlType === ASI_CONTROL_TYPE.ASI_TARGET_TEMP);
    expect(target).toMatchObject({ name: "TargetTemp", minValue: -40, isWritable: true });
    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_TARGET_TEMP, -10);
    expect(await camera.getControlValue(ASI_CONTROL_TYPE.ASI_TARGET_TEMP)).toEqual({
      value: -10,
      auto: false,
    });
    await expect(camera.getControlCaps(count)).rejects.toMatchObject({
      codeName: "ASI_ERROR_INVALID_CONTROL_TYPE",
    });
  });

  test("A value out of range is silently replaced, and auto is kept beside the value", async () => {
    const camera = await opened(USB2);
    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_GAIN, 100_000, true);
    const { value, auto } = await camera.getControlValue(ASI_CONTROL_TYPE.ASI_GAIN);
    expect(value).toBeLessThan(1000);
    expect(auto).toBe(true);
  });

  test("A control that the camera does not have is an error", async () => {
    const camera = await opened(USB2);
    await expect(camera.getControlValue(ASI_CONTROL_TYPE.ASI_COOLER_ON)).rejects.toMatchObject({
      codeName: "ASI_ERROR_INVALID_CONTROL_TYPE",
    });
  });
});

describe("single exposures", () => {
  test("A region of 16-bit pixels arrives exactly", async () => {
    const camera = await opened(COOLED);
    const roi = { width: 64, height: 32, bin: 1, type: ASI_IMG_TYPE.ASI_IMG_RAW16 };
    await camera.setROIFormat(roi);
    await camera.setStartPos({ x: 1000, y: 2000 });
    expect(await camera.getROIFormat()).toEqual(roi);
    expect(await camera.getStartPos()).toEqual({ x: 1000, y: 2000 });
    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_EXPOSURE, 1000);
    await camera.startExposure(false);
    await exposed(camera);
    const pixels = new Uint16Array(64 * 32);
    await camera.getDataAfterExp(new Uint8Array(pixels.buffer));
    expect([pixels[0], pixels[63], pixels[64 * 31]]).toEqual([
      pattern(1000, 2000, 0),
      pattern(1063, 2000, 0),
      pattern(1000, 2031, 0),
    ]);
  });

  test("A buffer that is too small is an error and not a crash of the simulator", async () => {
    const camera = await opened(COOLED);
    await camera.setROIFormat({ width: 64, height: 32, bin: 1, type: ASI_IMG_TYPE.ASI_IMG_RAW8 });
    await camera.startExposure(false);
    await exposed(camera);
    await expect(camera.getDataAfterExp(new Uint8Array(100))).rejects.toMatchObject({
      codeName: "ASI_ERROR_BUFFER_TOO_SMALL",
    });
  });

  test("An exposure that was stopped is over", async () => {
    const camera = await opened(COOLED);
    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_EXPOSURE, 60_000_000);
    await camera.startExposure(true);
    expect(await camera.getExpStatus()).toBe(ASI_EXPOSURE_STATUS.ASI_EXP_WORKING);
    await camera.stopExposure();
    expect(await camera.getExpStatus()).not.toBe(ASI_EXPOSURE_STATUS.ASI_EXP_WORKING);
  });
});

describe("video", () => {
  test("Frames come one after the other, and none is waited for too long", async () => {
    const camera = await opened(USB2);
    await camera.setROIFormat({ width: 64, height: 64, bin: 1, type: ASI_IMG_TYPE.ASI_IMG_RAW8 });
    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_EXPOSURE, 1000);
    await camera.startVideoCapture();
    const frame = new Uint8Array(64 * 64);
    await camera.getVideoData(frame, 2000);
    const first = frame.slice();
    await camera.getVideoData(frame, 2000);
    expect(frame).not.toEqual(first);
    expect(await camera.getDroppedFrames()).toBeGreaterThanOrEqual(0);
    await expect(camera.startExposure(false)).rejects.toMatchObject({
      codeName: "ASI_ERROR_VIDEO_MODE_ACTIVE",
    });
    await camera.stopVideoCapture();

    await camera.setControlValue(ASI_CONTROL_TYPE.ASI_EXPOSURE, 10_000_000);
    await camera.startVideoCapture();
    await expect(camera.getVideoData(frame, 50)).rejects.toMatchObject({
      codeName: "ASI_ERROR_TIMEOUT",
    });
    await camera.stopVideoCapture();
  });
});

describe("identity and presets", () => {
  test("A serial number is eight bytes, and an error where there is none", async () => {
    const serial = await (await opened(COOLED)).getSerialNumber();
    expect(serial).toHaveLength(8);
    expect(serial.some((byte) => byte !== 0)).toBe(true);
    await expect((await opened(USB2)).getSerialNumber()).rejects.toMatchObject({
      codeName: "ASI_ERROR_GENERAL_ERROR",
    });
  });

  test("The eight bytes in flash memory are what was written", async () => {
    const camera = await opened(COOLED);
    const id = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 255);
    await camera.setID(id);
    expect(await camera.getID()).toEqual(id);
  });

  test("Recommended gains and offsets are numbers in the range of the controls", async () => {
    const camera = await opened(COOLED);
    const presets = { ...(await camera.getGainOffset()), ...(await camera.getLMHGainOffset()) };
    expect(Object.keys(presets)).toHaveLength(8);
    expect(presets.highGain).toBeGreaterThan(presets.lowGain);
    expect(presets.gainLowestRN).toBeGreaterThan(0);
    expect(presets.offsetHighestDR).toBeGreaterThan(0);
  });
});

describe("guiding", () => {
  const { ASI_GUIDE_NORTH, ASI_GUIDE_EAST } = ASI_GUIDE_DIRECTION;

  test("Relays of both axes are switched on this thread", async () => {
    const { cameraId } = await opened(USB2);
    const lines = new GuideLines(library, cameraId);
    lines.pulseGuideOn(ASI_GUIDE_NORTH);
    lines.pulseGuideOn(ASI_GUIDE_EAST);
    lines.pulseGuideOff(ASI_GUIDE_NORTH);
    lines.pulseGuideOff(ASI_GUIDE_EAST);
    lines.pulseGuideOff(ASI_GUIDE_EAST);
  });

  test("The relays of a closed camera are an error", async () => {
    const { cameraId } = await cameraProperty(library, USB2);
    expect(() => new GuideLines(library, cameraId).pulseGuideOn(ASI_GUIDE_NORTH)).toThrow(
      expect.objectContaining({
        call: "ASIPulseGuideOn",
        codeName: "ASI_ERROR_CAMERA_CLOSED",
        cameraId,
      }),
    );
  });
});

describe("refusals", () => {
  test("A camera that is not open, or not there, is told apart", async () => {
    const { cameraId } = await cameraProperty(library, COOLED);
    await expect(new AsiCamera(library, cameraId).startExposure(false)).rejects.toMatchObject({
      codeName: "ASI_ERROR_CAMERA_CLOSED",
      cameraId,
    });
    await expect(new AsiCamera(library, 77).open()).rejects.toMatchObject({
      codeName: "ASI_ERROR_INVALID_ID",
      cameraId: 77,
    });
  });

  test("A size that the camera cannot read and a format that it has not are told apart", async () => {
    const camera = await opened(USB2);
    const roi = { width: 100, height: 100, bin: 1, type: ASI_IMG_TYPE.ASI_IMG_RAW8 };
    await expect(camera.setROIFormat(roi)).rejects.toMatchObject({
      codeName: "ASI_ERROR_INVALID_SIZE",
    });
    await expect(
      camera.setROIFormat({ ...roi, width: 64, height: 64, type: ASI_IMG_TYPE.ASI_IMG_RGB24 }),
    ).rejects.toMatchObject({ codeName: "ASI_ERROR_INVALID_IMGTYPE" });
    await camera.setROIFormat({ ...roi, width: 64, height: 64 });
    await expect(camera.setStartPos({ x: 1279, y: 0 })).rejects.toMatchObject({
      codeName: "ASI_ERROR_OUTOF_BOUNDARY",
    });
  });

  test("A dark frame that is not there is refused, and subtraction can be switched off", async () => {
    const camera = await opened(COOLED);
    await expect(camera.enableDarkSubtract("/nowhere/dark.bmp")).rejects.toMatchObject({
      codeName: "ASI_ERROR_INVALID_PATH",
    });
    await camera.disableDarkSubtract();
  });

  test("A camera without GPS says so", async () => {
    const camera = await opened(COOLED);
    await expect(camera.gpsGetData()).rejects.toMatchObject({
      codeName: "ASI_ERROR_GPS_NOT_SUPPORTED",
    });
  });

  test("A camera without trigger port has the normal mode only", async () => {
    const camera = await opened(USB2);
    expect(await camera.getCameraSupportMode()).toEqual([ASI_CAMERA_MODE.ASI_MODE_NORMAL]);
    await expect(
      camera.setCameraMode(ASI_CAMERA_MODE.ASI_MODE_TRIG_SOFT_EDGE),
    ).rejects.toMatchObject({ codeName: "ASI_ERROR_INVALID_MODE" });
  });
});
