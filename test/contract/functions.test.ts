import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FUNCTIONS, type FunctionName } from "../../src/asi/functions.js";
import { AsiLibrary } from "../../src/asi/index.js";
import { Scanner } from "../../src/camera/process/scanner.js";
import { unlistedCameras } from "../../src/camera/unlisted.js";
import { Observer } from "../integration/observer.js";
import { type DaemonProcess, PROGRAMS, startDaemon } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { usbTree } from "../support/usb-tree.js";

/*
 * Every function of the vendor library's manual and header, with what makes a client of ours call it. The trace of the
 * simulated library is the witness.
 */

/** A trigger port, GPS, a guide port and flash memory: what has all that comes only made to order. */
const RICH = "ASI174MM Trigger";
const PLAIN = "ASI120MM";

let daemon: DaemonProcess;
let rich: Observer;
let plain: Observer;

beforeAll(async () => {
  daemon = await startDaemon({ models: `${RICH},${PLAIN}` });
  rich = await Observer.at(daemon.port, `ZWO CCD ${RICH}`);
  plain = await Observer.at(daemon.port, `ZWO CCD ${PLAIN}`);
});
afterAll(async () => {
  await Promise.all([rich.client.close(), plain.client.close()]);
  await daemon.stop();
});

/** What a client does, and the functions that are called for it. */
interface Deed {
  readonly deed: string;
  readonly functions: readonly FunctionName[];
  act(): Promise<unknown>;
}

const text = (property: string, values: Readonly<Record<string, string>>) => {
  const answer = rich.answer(property);
  rich.client.newTexts(rich.device, property, values);
  return answer;
};

const DEEDS: readonly Deed[] = [
  {
    deed: "CONNECTION opens a camera and asks it for all it has",
    functions: [
      ...(["ASIGetNumOfConnectedCameras", "ASIGetCameraProperty", "ASIGetSDKVersion"] as const),
      ...(["ASIOpenCamera", "ASIInitCamera", "ASIGetSerialNumber", "ASIGetID"] as const),
      ...(["ASIGetNumOfControls", "ASIGetControlCaps", "ASIGetControlValue"] as const),
      ...(["ASIGetCameraPropertyByID", "ASIGetGainOffset", "ASIGetLMHGainOffset"] as const),
      ...(["ASIGetCameraSupportMode", "ASIGetCameraMode", "ASIGetTriggerOutputIOConf"] as const),
    ],
    act: () => rich.connect(),
  },
  {
    deed: "CCD_FRAME places the region",
    functions: ["ASISetROIFormat", "ASIGetROIFormat", "ASISetStartPos", "ASIGetStartPos"],
    act: () => rich.set("CCD_FRAME", { X: 16, Y: 8, WIDTH: 64, HEIGHT: 32 }),
  },
  {
    deed: "CCD_CONTROLS sets a control",
    functions: ["ASISetControlValue"],
    act: () => rich.set("CCD_CONTROLS", { Gain: 77 }),
  },
  {
    deed: "CCD_EXPOSURE takes a picture",
    functions: ["ASIStartExposure", "ASIGetExpStatus", "ASIGetDataAfterExp"],
    act: async () => {
      await plain.connect();
      await plain.expose();
    },
  },
  {
    deed: "CCD_EXPOSURE takes a picture of a camera with GPS, for CCD_GPS and CCD_GPS_TIME",
    functions: ["ASIGetDataAfterExpGPS", "ASIGPSGetData"],
    act: () => rich.expose(),
  },
  {
    deed: "CCD_ABORT_EXPOSURE stops the camera",
    functions: ["ASIStopExposure"],
    act: async () => {
      rich.client.newNumbers(rich.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 30 });
      await eventually("an exposure", () => rich.values("CAMERA_STATE").EXPOSING === "Busy");
      await rich.choose("CCD_ABORT_EXPOSURE", "ABORT");
    },
  },
  {
    deed: "CCD_VIDEO_STREAM starts a video, STREAM_STATS counts, and the switch ends it",
    functions: [
      "ASIStartVideoCapture",
      "ASIGetVideoData",
      "ASIGetDroppedFrames",
      "ASIStopVideoCapture",
    ],
    act: async () => {
      plain.client.newSwitches(plain.device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
      await eventually("frames", () => Number(plain.values("STREAM_STATS").FRAME_NUMBER) > 0);
      await plain.choose("CCD_VIDEO_STREAM", "STREAM_OFF");
    },
  },
  {
    deed: "CCD_FAST_TOGGLE makes a series of a camera with GPS",
    functions: ["ASIGetVideoDataGPS"],
    act: async () => {
      await rich.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
      await rich.set("CCD_FAST_COUNT", { FRAMES: 2 });
      await rich.expose(0.05);
      await eventually("the end", () => rich.values("CAMERA_STATE").IDLE === "Ok");
      await rich.choose("CCD_FAST_TOGGLE", "INDI_DISABLED");
    },
  },
  {
    deed: "TELESCOPE_TIMED_GUIDE_NS closes a relay and opens it again",
    functions: ["ASIPulseGuideOn", "ASIPulseGuideOff"],
    act: () => rich.set("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 10, TIMED_GUIDE_S: 0 }),
  },
  {
    deed: "DARK_SUBTRACT loads a dark frame and forgets it",
    functions: ["ASIEnableDarkSubtract", "ASIDisableDarkSubtract"],
    act: async () => {
      const path = join(daemon.rig.home, "dark.bmp");
      writeFileSync(path, "");
      await text("DARK_SUBTRACT_FILE", { PATH: path });
      await rich.choose("DARK_SUBTRACT", "INDI_ENABLED");
      await rich.choose("DARK_SUBTRACT", "INDI_DISABLED");
    },
  },
  {
    deed: "CAMERA_ID writes the flash memory",
    functions: ["ASISetID"],
    act: async () => {
      await rich.choose("CAMERA_ID_LOCK", "UNLOCKED");
      await text("CAMERA_ID", { ID: "Guide" });
    },
  },
  {
    deed: "TRIGGER_OUT_A sets a pin",
    functions: ["ASISetTriggerOutputIOConf"],
    act: () => rich.set("TRIGGER_OUT_A", { DELAY: 10, DURATION: 20 }),
  },
  {
    deed: "CCD_TRIGGER_MODE lets CCD_SOFT_TRIGGER start exposures",
    functions: ["ASISetCameraMode", "ASISendSoftTrigger"],
    act: async () => {
      await rich.choose("CCD_TRIGGER_MODE", "SOFT_EDGE");
      await rich.choose("CCD_SOFT_TRIGGER", "START");
    },
  },
  {
    deed: "CONNECTION closes a camera",
    functions: ["ASICloseCamera"],
    act: () => rich.choose("CONNECTION", "DISCONNECT"),
  },
  {
    deed: "cameras on USB that the library does not list are told of in a message",
    functions: ["ASICameraCheck"],
    act: async () => {
      const { directory, plug } = usbTree();
      plug("1-1", { idVendor: "03c3", idProduct: "120a", product: "ASI120MM" });
      const scanner = new Scanner(PROGRAMS.simulator, daemon.rig.env, {
        entry: new URL("../../dist/camera/process/scan-main.js", import.meta.url),
        usbDirectory: directory,
      });
      await scanner.scan([]);
      await scanner.close();
    },
  },
  {
    deed: "so are those of a library that cannot check a single one",
    functions: ["ASIGetProductIDs"],
    async act() {
      Object.assign(process.env, daemon.rig.env);
      const library = AsiLibrary.load(PROGRAMS.simulator);
      library.has = (name) => name !== "ASICameraCheck";
      unlistedCameras(library, [], [{ port: "1-1", product: "ASI120MM", productId: "120a" }]);
    },
  },
];

test.each(DEEDS)("$deed", async ({ functions, act }) => {
  // The last line is empty until there is another one.
  const before = daemon.rig.trace().length - 1;
  await act();
  const called = () => new Set(daemon.rig.trace().slice(before).map(functionIn));
  await eventually(`${functions} called, not only ${[...called()]}`, () =>
    functions.every((name) => called().has(name)),
  );
});

test("there is no function that none of these deeds calls", () => {
  const called = DEEDS.flatMap(({ functions }) => functions);
  expect(called.toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
});

/** The function a line of the trace tells of. */
function functionIn(line: string): string {
  return /\bASI\w+/.exec(line)?.[0] ?? "";
}
