import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bmp } from "../support/bmp.js";
import {
  begin,
  choose,
  connect,
  expose,
  LIMIT,
  type Phase,
  series,
  set,
  suffered,
  touch,
  wantSeries,
  write,
} from "./deeds.js";
import type { TormentedCamera } from "./tormented-camera.js";

const GUIDER = "ASI290MM Mini";
const RICH = "ASI174MM Trigger";

/** What a camera with all features is asked for when it is opened. */
const DESCRIBING = [
  "ASIGetCameraSupportMode",
  "ASIGetCameraMode",
  "ASIGetTriggerOutputIOConf",
  "ASIGetID",
  "ASIGetLMHGainOffset",
] as const;

/** Lets the library start exposures. */
const untriggered = (camera: TormentedCamera) =>
  choose(camera, "CCD_TRIGGER_MODE", "NORMAL", LIMIT.capture);

/** What clients do with features that only some cameras have. */
export const FEATURE_PHASES: readonly Phase[] = [
  {
    name: "triggered exposure",
    model: RICH,
    calls: [
      "ASISetCameraMode",
      "ASIGetCameraMode",
      "ASIStartVideoCapture",
      "ASISendSoftTrigger",
      "ASIGetVideoData",
      "ASIStopVideoCapture",
    ],
    finding: ["ASIGetCameraMode"],
    prepare: untriggered,
    async act(camera) {
      await choose(camera, "CCD_TRIGGER_MODE", "SOFT_EDGE", LIMIT.capture);
      await expose(camera, 0.02);
      await untriggered(camera);
    },
  },
  {
    name: "soft trigger",
    model: RICH,
    calls: ["ASISendSoftTrigger"],
    finding: [],
    prepare: untriggered,
    act: (camera) => choose(camera, "CCD_SOFT_TRIGGER", "START", LIMIT.control),
  },
  {
    name: "trigger outputs",
    model: RICH,
    calls: ["ASISetTriggerOutputIOConf", "ASIGetTriggerOutputIOConf"],
    finding: ["ASIGetTriggerOutputIOConf"],
    async act(camera) {
      await set(camera, "TRIGGER_OUT_A", { DELAY: 10, DURATION: 20 }, LIMIT.control);
      await choose(camera, "TRIGGER_OUT_A_LEVEL", "HIGH", LIMIT.control);
    },
  },
  {
    name: "exposure with GPS",
    model: RICH,
    calls: ["ASIGetDataAfterExpGPS", "ASIGPSGetData"],
    finding: ["ASIGetDataAfterExpGPS", "ASIGPSGetData"],
    prepare: untriggered,
    act: (camera) => expose(camera, 0.02),
  },
  {
    name: "series with GPS",
    model: RICH,
    calls: ["ASIGetVideoDataGPS", "ASIGetVideoDataGPS+1", "ASIGPSGetData"],
    finding: ["ASIGetVideoDataGPS", "ASIGPSGetData"],
    async prepare(camera) {
      await untriggered(camera);
      await wantSeries(camera);
    },
    act: series,
  },
  {
    name: "dark subtraction",
    model: RICH,
    calls: ["ASIEnableDarkSubtract", "ASIDisableDarkSubtract"],
    finding: [],
    async prepare(camera) {
      const path = join(camera.home, "dark.bmp");
      writeFileSync(path, bmp(1936, 1216));
      await write(camera, "DARK_SUBTRACT_FILE", { PATH: path }, LIMIT.control);
    },
    async act(camera) {
      await choose(camera, "DARK_SUBTRACT", "INDI_ENABLED", LIMIT.control);
      await choose(camera, "DARK_SUBTRACT", "INDI_DISABLED", LIMIT.control);
    },
  },
  {
    name: "camera ID",
    model: RICH,
    calls: ["ASISetID", "ASIGetID"],
    finding: ["ASIGetID"],
    prepare: (camera) => choose(camera, "CAMERA_ID_LOCK", "UNLOCKED", LIMIT.control),
    act: (camera) => write(camera, "CAMERA_ID", { ID: "Guide" }, LIMIT.control),
  },
  {
    name: "gain preset",
    model: RICH,
    calls: ["ASISetControlValue", "ASIGetControlValue", "ASIGetCameraPropertyByID"],
    finding: ["ASIGetControlValue", "ASIGetCameraPropertyByID"],
    // To a gain that is none of the presets.
    prepare: touch,
    async act(camera) {
      const { HIGH } = camera.observer.values("CCD_GAIN_PRESET");
      await choose(camera, "CCD_GAIN_PRESET", HIGH === "On" ? "LOW" : "HIGH", LIMIT.control);
      await suffered(camera, LIMIT.control);
    },
  },
  {
    // The last with this camera: what it fails to tell when it is opened is missing from then on.
    name: "open with features",
    model: RICH,
    calls: DESCRIBING,
    finding: DESCRIBING,
    prepare: (camera) => choose(camera, "CONNECTION", "DISCONNECT", LIMIT.close),
    act: connect,
  },
  {
    name: "flip",
    model: GUIDER,
    calls: ["ASISetControlValue", "ASIGetControlValue", "ASISetROIFormat", "ASISetStartPos"],
    finding: ["ASIGetControlValue"],
    async act(camera) {
      const { client, device } = camera.observer;
      const isFlipped = camera.observer.values("FLIP").FLIP_HORIZONTAL === "On";
      const answered = camera.ended("FLIP", LIMIT.capture);
      client.newSwitches(device, "FLIP", { FLIP_HORIZONTAL: !isFlipped });
      await answered;
    },
  },
  {
    name: "exposure stopped for its picture",
    model: GUIDER,
    calls: ["ASIStopExposure"],
    finding: [],
    prepare: (camera) => begin(camera, 30),
    async act(camera) {
      const exposure = camera.ended("CCD_EXPOSURE", LIMIT.exposure);
      await choose(camera, "CCD_STOP_EXPOSURE", "STOP", LIMIT.exposure);
      await exposure;
    },
  },
  {
    name: "recording",
    model: GUIDER,
    calls: [
      "ASIStartVideoCapture",
      "ASIGetVideoData",
      "ASIGetVideoData+5",
      "ASIGetDroppedFrames",
      "ASIStopVideoCapture",
    ],
    finding: ["ASIGetDroppedFrames"],
    prepare: (camera) => set(camera, "RECORD_OPTIONS", { RECORD_FRAME_TOTAL: 10 }, LIMIT.control),
    act: (camera) => choose(camera, "RECORD_STREAM", "RECORD_FRAME_ON", LIMIT.recording),
  },
];
