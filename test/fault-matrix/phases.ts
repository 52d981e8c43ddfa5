import {
  begin,
  choose,
  connect,
  expose,
  LIMIT,
  type Phase,
  series,
  set,
  stop,
  stream,
  suffered,
  touch,
  wantSeries,
} from "./deeds.js";

const GUIDER = "ASI290MM Mini";

/** What is there when the process looks at its camera for the first time. */
const OPENING = [
  "ASIGetNumOfConnectedCameras",
  "ASIGetCameraProperty",
  "ASIGetSerialNumber",
  "ASIGetNumOfControls",
  "ASIGetControlCaps",
  "ASIGetControlValue",
  "ASIGetStartPos",
  "ASIGetROIFormat",
] as const;

/** What clients do with any camera. */
export const PHASES: readonly Phase[] = [
  {
    name: "open",
    model: GUIDER,
    calls: [
      ...OPENING,
      "ASIGetSDKVersion",
      "ASIOpenCamera",
      "ASIInitCamera",
      "ASIPulseGuideOff",
      "ASISetControlValue",
      "ASISetROIFormat",
      "ASISetStartPos",
      "ASIGetGainOffset",
      "ASIGetCameraPropertyByID",
    ],
    finding: [...OPENING, "ASIGetCameraPropertyByID"],
    prepare: (camera) => choose(camera, "CONNECTION", "DISCONNECT", LIMIT.close),
    act: connect,
  },
  {
    name: "settings",
    model: GUIDER,
    calls: [
      "ASISetControlValue",
      "ASIGetControlValue",
      "ASISetROIFormat",
      "ASISetStartPos",
      "ASIGetStartPos",
      "ASIGetROIFormat",
    ],
    finding: ["ASIGetControlValue", "ASIGetStartPos", "ASIGetROIFormat"],
    async act(camera) {
      await touch(camera);
      await set(camera, "CCD_FRAME", { X: 8, Y: 8, WIDTH: 64, HEIGHT: 32 }, LIMIT.capture);
    },
  },
  {
    name: "exposure",
    model: GUIDER,
    calls: [
      "ASISetControlValue",
      "ASIStartExposure",
      "ASIGetExpStatus",
      "ASIGetDataAfterExp",
      "ASIGetCameraPropertyByID",
    ],
    finding: ["ASIGetExpStatus", "ASIGetCameraPropertyByID"],
    act: (camera) => expose(camera, 0.02),
  },
  {
    name: "during an exposure",
    model: GUIDER,
    calls: ["ASIGetExpStatus"],
    finding: ["ASIGetExpStatus"],
    prepare: (camera) => begin(camera, 4.2),
    act: (camera) => camera.ended("CCD_EXPOSURE", 4_200 + LIMIT.exposure),
  },
  {
    name: "abort",
    model: GUIDER,
    calls: ["ASIStopExposure"],
    finding: [],
    prepare: (camera) => begin(camera, 30),
    async act(camera) {
      const exposure = camera.ended("CCD_EXPOSURE", LIMIT.abort);
      await Promise.all([exposure, choose(camera, "CCD_ABORT_EXPOSURE", "ABORT", LIMIT.abort)]);
    },
  },
  {
    name: "series",
    model: GUIDER,
    calls: [
      "ASISetControlValue",
      "ASIStartVideoCapture",
      "ASIGetVideoData",
      "ASIGetVideoData+1",
      "ASIStopVideoCapture",
    ],
    finding: [],
    prepare: wantSeries,
    act: series,
  },
  {
    name: "stream",
    model: GUIDER,
    calls: [
      "ASISetROIFormat",
      "ASIGetStartPos",
      "ASISetControlValue",
      "ASIStartVideoCapture",
      "ASIGetVideoData",
      "ASIGetVideoData+5",
      "ASIGetDroppedFrames",
    ],
    finding: ["ASIGetStartPos", "ASIGetDroppedFrames"],
    async act(camera) {
      await stream(camera);
      await suffered(camera, LIMIT.stream);
      await stop(camera);
    },
  },
  {
    name: "end of a stream",
    model: GUIDER,
    calls: ["ASIStopVideoCapture", "ASISetROIFormat"],
    finding: [],
    prepare: stream,
    act: stop,
  },
  {
    name: "pulse",
    model: GUIDER,
    calls: ["ASIPulseGuideOn", "ASIPulseGuideOff"],
    finding: [],
    act: (camera) =>
      set(camera, "TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 20 }, 20 + LIMIT.pulse),
  },
  {
    name: "cooling",
    model: "ASI2600MC Pro",
    calls: ["ASISetControlValue", "ASIGetControlValue"],
    finding: ["ASIGetControlValue"],
    prepare: (camera) => set(camera, "POLLING_PERIOD", { PERIOD_MS: 100 }, LIMIT.control),
    async act(camera) {
      const { client, device } = camera.observer;
      client.newNumbers(device, "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 5 });
      await suffered(camera, LIMIT.control);
      await touch(camera);
      await choose(camera, "CCD_COOLER", "COOLER_OFF", LIMIT.control);
    },
  },
  {
    name: "rest",
    model: GUIDER,
    calls: ["ASIGetControlValue"],
    finding: ["ASIGetControlValue"],
    prepare: (camera) => set(camera, "POLLING_PERIOD", { PERIOD_MS: 100 }, LIMIT.control),
    async act(camera) {
      await suffered(camera, LIMIT.control);
      await touch(camera);
    },
  },
  {
    name: "close",
    model: GUIDER,
    calls: ["ASIStopExposure", "ASIPulseGuideOff", "ASICloseCamera"],
    finding: [],
    act: (camera) => choose(camera, "CONNECTION", "DISCONNECT", LIMIT.close),
  },
  {
    name: "close during an exposure",
    model: GUIDER,
    calls: ["ASIStopExposure", "ASICloseCamera"],
    finding: [],
    prepare: (camera) => begin(camera, 30),
    async act(camera) {
      const exposure = camera.ended("CCD_EXPOSURE", LIMIT.close);
      await Promise.all([exposure, choose(camera, "CONNECTION", "DISCONNECT", LIMIT.close)]);
    },
  },
  {
    name: "close during a stream",
    model: GUIDER,
    calls: ["ASIStopVideoCapture", "ASICloseCamera"],
    finding: [],
    prepare: stream,
    act: (camera) => choose(camera, "CONNECTION", "DISCONNECT", LIMIT.close),
  },
];
