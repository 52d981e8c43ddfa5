import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bmp } from "../../support/bmp.js";
import { cameraAt } from "../camera-at.js";
import { type CcdDevice, ccdDevice } from "../ccd-device.js";

const TRIGGERED = "ASI174MM Trigger";

const names = ({ device }: CcdDevice) =>
  device
    .definitions()
    .filter(({ group }) => group === "Camera")
    .map(({ name }) => name);

const value = ({ device }: CcdDevice, property: string, element: string) => {
  const found = device.definitions(property)[0]?.elements.find(({ name }) => name === element);
  return found && "value" in found ? found.value : undefined;
};

const expose = ({ device }: CcdDevice, seconds: string) =>
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });

describe("the features of a camera", () => {
  test("are there as far as the camera has them", async () => {
    expect(names(await ccdDevice("ASI120MM"))).toEqual(
      [
        "CAMERA_STATE",
        "LAST_EXPOSURE",
        "CCD_STOP_EXPOSURE",
        "SENSOR_ELECTRONS",
        "CCD_GAIN_PRESET",
        "DARK_SUBTRACT_FILE",
        "DARK_SUBTRACT",
      ].sort((a, b) => order(a) - order(b)),
    );
    const cooled = names(await ccdDevice("ASI2600MC Pro"));
    expect(cooled).toEqual(
      expect.arrayContaining(["CAMERA_FAN", "CAMERA_DEW_HEATER", "CAMERA_ID"]),
    );
    expect(cooled).not.toContain("CCD_TRIGGER_MODE");
    expect(names(await ccdDevice(TRIGGERED))).toEqual(
      expect.arrayContaining([
        "CCD_TRIGGER_MODE",
        "CCD_SOFT_TRIGGER",
        "TRIGGER_OUT_B_LEVEL",
        "CCD_GPS",
      ]),
    );
  });
});

/** The order of definition. */
function order(name: string): number {
  return (
    ["CAMERA_STATE", "LAST_EXPOSURE", "CCD_STOP_EXPOSURE", "CCD_GAIN_PRESET"].indexOf(name) + 1 || 9
  );
}

describe("the state of a camera", () => {
  test("goes through an exposure, and the last one is told", async () => {
    const camera = await ccdDevice("ASI120MM");
    expose(camera, "0.2");
    await camera.hear(/^CAMERA_STATE Busy .*WAITING=Busy/);
    await camera.hear(/^CAMERA_STATE Busy .*EXPOSING=Busy/);
    await camera.hear(/^CAMERA_STATE Busy .*READING=Busy/);
    await camera.hear(/^CAMERA_STATE Ok IDLE=Ok/);
    expect(value(camera, "LAST_EXPOSURE", "DURATION")).toBe("0.2");
    const started = Date.parse(`${value(camera, "LAST_EXPOSURE", "START")}Z`);
    expect(Math.abs(Date.now() - started)).toBeLessThan(10_000);
  });

  test("is error after a failure, idle after an abort", async () => {
    const camera = await ccdDevice("ASI120MM");
    camera.rig.steer("exposure-fail", "9");
    expose(camera, "0.01");
    await camera.hear(/^CAMERA_STATE Alert .*ERROR=Alert/);
    expose(camera, "30");
    await camera.hear(/^CAMERA_STATE Busy .*EXPOSING=Busy/);
    camera.device.ask("Switch", "CCD_ABORT_EXPOSURE", { ABORT: "On" });
    await camera.hear(/^CAMERA_STATE Ok IDLE=Ok/);
  });
});

describe("stopping an exposure", () => {
  test("ends it with its picture, whose duration is the true one", async () => {
    const camera = await ccdDevice("ASI120MM");
    expose(camera, "30");
    await camera.hear(/^CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=29/);
    camera.device.ask("Switch", "CCD_STOP_EXPOSURE", { STOP: "On" });
    await camera.hear(/^CCD_STOP_EXPOSURE Ok STOP=Off/);
    await camera.hear(/^CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0/);
    const duration = value(camera, "LAST_EXPOSURE", "DURATION");
    expect(Number(duration)).toBeGreaterThan(0.9);
    expect(Number(duration)).toBeLessThan(5);
    expect(duration).toMatch(/^\d(\.\d{1,6})?$/);
  });

  test("ends it in Alert where the camera does not stop, and takes it not again", async () => {
    const camera = await ccdDevice("ASI120MM");
    expose(camera, "30");
    await camera.hear(/^CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=29/);
    camera.rig.steer("fail", "ASIStopExposure", "16", "1000");
    camera.device.ask("Switch", "CCD_STOP_EXPOSURE", { STOP: "On" });
    await camera.hear(/^CCD_EXPOSURE Alert CCD_EXPOSURE_VALUE=0 .*ASIStopExposure/);
    camera.rig.steer("clear");
    expose(camera, "0.01");
    await camera.hear(/^CCD_EXPOSURE Ok/);
    const starts = camera.rig.trace().filter((line) => line.includes("ASIStartExposure"));
    expect(starts).toHaveLength(2);
  });

  test("without one is refused", async () => {
    const camera = await ccdDevice("ASI120MM");
    camera.device.ask("Switch", "CCD_STOP_EXPOSURE", { STOP: "On" });
    await camera.hear(/^CCD_STOP_EXPOSURE Alert STOP=Off \[ERROR\] No exposure is running\./);
  });
});

describe("gain", () => {
  test("takes the vendor's presets, shown while it stands there, with the electrons they mean", async () => {
    const camera = await ccdDevice("ASI1600MM Pro");
    camera.device.ask("Switch", "CCD_GAIN_PRESET", { UNITY: "On" });
    await camera.hear(/^CCD_CONTROLS Ok Gain=138,Offset=50/);
    await camera.hear(/^CCD_GAIN_PRESET Ok HIGHEST_DR=Off,UNITY=On/);
    await camera.hear(/^SENSOR_ELECTRONS Ok ELECTRONS_PER_ADU=(0\.9|1\.0|1,)/);
    camera.device.ask("Number", "CCD_CONTROLS", { Gain: "300" });
    await camera.hear(/^CCD_GAIN_PRESET Ok HIGHEST_DR=Off,UNITY=Off/);
    camera.device.ask("Switch", "CCD_GAIN_PRESET", { HIGHEST_DR: "On" });
    await camera.hear(/^CCD_CONTROLS Ok Gain=0,Offset=50/);
    await camera.hear(/^SENSOR_ELECTRONS Ok ELECTRONS_PER_ADU=4\.\d+,FULL_WELL=20000/);
  });
});

describe("the library's low, middle and high gain", () => {
  test("are presets too, of which the one chosen is shown where others are equal to it", async () => {
    const camera = await ccdDevice("ASI1600MM Pro");
    for (const [preset, gain] of [
      ["HIGH", 300],
      ["MIDDLE", 138],
      ["LOW", 0],
    ] as const) {
      camera.device.ask("Switch", "CCD_GAIN_PRESET", { [preset]: "On" });
      await camera.hear(new RegExp(`^CCD_CONTROLS Ok Gain=${gain},`));
      await camera.hear(new RegExp(`^CCD_GAIN_PRESET Ok .*${preset}=On`));
    }
    expect(value(camera, "CCD_GAIN_PRESET", "HIGHEST_DR")).toBe("Off");
  });

  test("are not offered where the library does not tell them", async () => {
    const { daemon, observer } = await cameraAt("ASI1600MM Pro");
    await observer.choose("CONNECTION", "DISCONNECT");
    daemon.rig.steer("fail", "ASIGetLMHGainOffset", "16", "1");
    await observer.connect();
    expect(Object.keys(observer.values("CCD_GAIN_PRESET"))).toEqual([
      "HIGHEST_DR",
      "UNITY",
      "LOWEST_READ_NOISE",
    ]);
  });
});

describe("fan and dew heater", () => {
  test("are switches beside their numbers", async () => {
    const camera = await ccdDevice("ASI2600MC Pro");
    expect(value(camera, "CAMERA_FAN", "INDI_ENABLED")).toBe("On");
    camera.device.ask("Switch", "CAMERA_DEW_HEATER", { INDI_ENABLED: "On" });
    await camera.hear(/^CAMERA_DEW_HEATER Ok INDI_ENABLED=On/);
    expect(value(camera, "CCD_CONTROLS", "AntiDewHeater")).toBe("1");
    camera.device.ask("Number", "CCD_CONTROLS", { FanOn: "0" });
    await camera.hear(/^CAMERA_FAN Idle INDI_ENABLED=Off,INDI_DISABLED=On/);
  });
});

describe("the power LED", () => {
  test("goes out and comes back as bright as it was", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Number", "CCD_CONTROLS", { PowerLed: "35" });
    await camera.hear(/^CCD_CONTROLS Ok .*PowerLed=35/);
    camera.device.ask("Switch", "CAMERA_LED", { INDI_DISABLED: "On" });
    await camera.hear(/^CAMERA_LED Ok INDI_ENABLED=Off/);
    expect(value(camera, "CCD_CONTROLS", "PowerLed")).toBe("0");
    camera.device.ask("Switch", "CAMERA_LED", { INDI_ENABLED: "On" });
    await camera.hear(/^CAMERA_LED Ok INDI_ENABLED=On/);
    expect(value(camera, "CCD_CONTROLS", "PowerLed")).toBe("35");
  });
});

describe("the camera ID", () => {
  test("is written only when unlocked, once", async () => {
    const camera = await ccdDevice("ASI2600MC Pro");
    const write = (id: string) => camera.device.ask("Text", "CAMERA_ID", { ID: id });
    const unlock = () => camera.device.ask("Switch", "CAMERA_ID_LOCK", { UNLOCKED: "On" });
    write("Main");
    await camera.hear(/^CAMERA_ID Alert ID= .*Unlock the camera ID first/);
    unlock();
    write("too long a name");
    await camera.hear(/^CAMERA_ID Alert ID= .*up to eight ASCII characters/);
    write("Main");
    await camera.hear(/^CAMERA_ID_LOCK Ok LOCKED=On/);
    await camera.hear(/^CAMERA_ID Ok ID=Main/);
    unlock();
    write("00ff00FF00ff00ff");
    await camera.hear(/^CAMERA_ID Ok ID=00ff00ff00ff00ff/);
  });
});

describe("a trigger port", () => {
  test.each(["SOFT_EDGE", "SOFT_LEVEL"])(
    "in the mode %s fires an exposure by itself",
    async (mode) => {
      const camera = await ccdDevice(TRIGGERED);
      camera.device.ask("Switch", "CCD_TRIGGER_MODE", { [mode]: "On" });
      await camera.hear(new RegExp(`^CCD_TRIGGER_MODE Ok .*${mode}=On`));
      expose(camera, "0.3");
      await camera.hear(/^CCD1\.CCD1 \.fits/);
      await camera.hear(/^CCD_EXPOSURE Ok/);
      expect(value(camera, "LAST_EXPOSURE", "DURATION")).toBe("0.3");
      camera.device.ask("Switch", "CCD_TRIGGER_MODE", { NORMAL: "On" });
      expose(camera, "0.01");
      await camera.hear(/^CCD1\.CCD1 \.fits/);
    },
  );

  test.each(["SOFT_EDGE", "SOFT_LEVEL"])(
    "in the mode %s counts the whole seconds of an exposure down",
    async (mode) => {
      const camera = await ccdDevice(TRIGGERED);
      camera.device.ask("Switch", "CCD_TRIGGER_MODE", { [mode]: "On" });
      expose(camera, "2.4");
      for (const left of ["Busy 2.4", "Busy 2", "Busy 1", "Busy 0", "Ok 0"]) {
        const next = await camera.hear(/^CCD_EXPOSURE /);
        expect(next).toBe(`CCD_EXPOSURE ${left.replace(" ", " CCD_EXPOSURE_VALUE=")}`);
      }
    },
  );

  test("waits for a signal from outside until it is told not to, longer than any deadline", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Switch", "CCD_TRIGGER_MODE", { RISE_EDGE: "On" });
    expose(camera, "0.01");
    await camera.hear(/^CCD_EXPOSURE Busy/);
    // The whole time is left, again and again.
    await camera.hear(/^CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0\.01$/);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    camera.device.ask("Switch", "CCD_ABORT_EXPOSURE", { ABORT: "On" });
    await camera.hear(/^CCD_EXPOSURE Idle/);
    camera.device.ask("Switch", "CCD_TRIGGER_MODE", { NORMAL: "On" });
    await camera.hear(/^CCD_TRIGGER_MODE Ok NORMAL=On/);
    expose(camera, "0.01");
    await camera.hear(/^CCD1\.CCD1 \.fits/);
  });

  test("goes neither with a series of exposures nor with blinks", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Switch", "CCD_TRIGGER_MODE", { SOFT_EDGE: "On" });
    camera.device.ask("Number", "BLINK", { BLINK_COUNT: "1", BLINK_DURATION: "0.01" });
    expose(camera, "0.05");
    await camera.hear(/^CCD_EXPOSURE Alert .*A blink cannot wait for a trigger/);
    camera.device.ask("Number", "BLINK", { BLINK_COUNT: "0" });
    camera.device.ask("Switch", "CCD_FAST_TOGGLE", { INDI_ENABLED: "On" });
    camera.device.ask("Number", "CCD_FAST_COUNT", { FRAMES: "3" });
    expose(camera, "0.05");
    await camera.hear(/^CCD_EXPOSURE Alert .*A series of exposures cannot wait for a trigger/);
    camera.device.ask("Switch", "CCD_FAST_TOGGLE", { INDI_DISABLED: "On" });
    expose(camera, "0.05");
    await camera.hear(/^CCD_EXPOSURE Ok/);
  });

  test("is not set while a video runs", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Switch", "CCD_VIDEO_STREAM", { STREAM_ON: "On" });
    await camera.hear(/^CCD_VIDEO_STREAM Busy STREAM_ON=On/);
    camera.device.ask("Switch", "CCD_TRIGGER_MODE", { RISE_EDGE: "On" });
    await camera.hear(
      /^CCD_TRIGGER_MODE Alert NORMAL=On.* \[ERROR\] A video is running\. End it first\./,
    );
    camera.device.ask("Switch", "CCD_VIDEO_STREAM", { STREAM_OFF: "On" });
    await camera.hear(/^CCD_VIDEO_STREAM Idle/);
    camera.device.ask("Switch", "CCD_TRIGGER_MODE", { RISE_EDGE: "On" });
    await camera.hear(/^CCD_TRIGGER_MODE Ok .*RISE_EDGE=On/);
  });

  test("refuses a soft trigger nobody waits for", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Switch", "CCD_SOFT_TRIGGER", { START: "On" });
    await camera.hear(/^CCD_SOFT_TRIGGER Alert START=Off,STOP=Off .*ASI_ERROR_INVALID_MODE/);
  });

  test("gives signals of its own", async () => {
    const camera = await ccdDevice(TRIGGERED);
    camera.device.ask("Number", "TRIGGER_OUT_A", { DELAY: "250", DURATION: "1000" });
    await camera.hear(/^TRIGGER_OUT_A Ok DELAY=250,DURATION=1000/);
    camera.device.ask("Switch", "TRIGGER_OUT_A_LEVEL", { HIGH: "On" });
    await camera.hear(/^TRIGGER_OUT_A_LEVEL Ok HIGH=On,LOW=Off/);
    expect(
      camera.rig
        .trace()
        .filter((line) => /SetTriggerOutput/.test(line))
        .at(-1),
    ).toMatch(/ASISetTriggerOutputIOConf 0 1 250 1000 = 0/);
  });
});

describe("dark subtraction", () => {
  test("takes a BMP file of the sensor's size, and says what is wrong with others", async () => {
    const camera = await ccdDevice("ASI120MM");
    const path = join(camera.rig.home, "dark.bmp");
    const turnOn = () => camera.device.ask("Switch", "DARK_SUBTRACT", { INDI_ENABLED: "On" });
    turnOn();
    await camera.hear(/^DARK_SUBTRACT Alert INDI_ENABLED=Off.*There is no dark frame/);
    camera.device.ask("Text", "DARK_SUBTRACT_FILE", { PATH: path });
    await camera.hear(/^DARK_SUBTRACT_FILE Ok/);
    turnOn();
    await camera.hear(/^DARK_SUBTRACT Alert INDI_ENABLED=Off.*ASI_ERROR_INVALID_PATH/);
    writeFileSync(path, bmp(1280, 960));
    turnOn();
    await camera.hear(/^DARK_SUBTRACT Ok INDI_ENABLED=On/);
    camera.device.ask("Switch", "DARK_SUBTRACT", { INDI_DISABLED: "On" });
    await camera.hear(/^DARK_SUBTRACT Ok INDI_ENABLED=Off/);
  });
});
