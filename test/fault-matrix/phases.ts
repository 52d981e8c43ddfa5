import { setTimeout as delay } from "node:timers/promises";
import { DEADLINES, type TormentedCamera } from "./tormented-camera.js";

/** Something clients do, in which each of these functions of the vendor library is called. */
export interface Phase {
  readonly name: string;
  /** `+N`: to go wrong after so many calls that do not. */
  readonly calls: readonly string[];
  /** Those of them that find something out. */
  readonly finding: readonly string[];
  readonly model: "ASI290MM Mini" | "ASI2600MC Pro";
  /** Comes before the fault is ordered. */
  prepare?(camera: TormentedCamera): Promise<void>;
  /** Settles when all that was asked has been answered; rejects where that is not so by its deadline. */
  act(camera: TormentedCamera): Promise<void>;
}

const GUIDER = "ASI290MM Mini";

/** What two busy cores may add to any deadline, in milliseconds. */
const SLACK = 4_000;

/** Least time for reading out, in milliseconds; see src/camera/readout.ts. */
const READOUT = 5_000;

/** What is asked may have to wait for a new process, and for that to open the camera. */
const LIMIT = {
  connect: DEADLINES.open + DEADLINES.control + SLACK,
  control: DEADLINES.control + DEADLINES.open + SLACK,
  capture: DEADLINES.capture + DEADLINES.open + SLACK,
  // An attempt that ends late, after one step up the ladder; those that failed early take no time.
  exposure: READOUT + DEADLINES.margin + 2 * DEADLINES.open + SLACK,
  abort: DEADLINES.cancel + SLACK,
  stream: DEADLINES.alive + DEADLINES.open + SLACK,
  pulse: DEADLINES.margin + DEADLINES.open + SLACK,
  close: DEADLINES.close + DEADLINES.cancel + SLACK,
} as const;

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

/** Sets numbers and waits for the answer. */
async function set(
  camera: TormentedCamera,
  name: string,
  values: Readonly<Record<string, number>>,
  milliseconds: number,
): Promise<void> {
  const { client, device } = camera.observer;
  const answered = camera.ended(name, milliseconds);
  client.newNumbers(device, name, values);
  await answered;
}

/** Turns a switch on and waits for the answer. */
async function choose(
  camera: TormentedCamera,
  name: string,
  element: string,
  milliseconds: number,
): Promise<void> {
  const { client, device } = camera.observer;
  const answered = camera.ended(name, milliseconds);
  client.newSwitches(device, name, { [element]: true });
  await answered;
}

/** Changes a control, whatever it stands at. */
const touch = (camera: TormentedCamera) => {
  const gain = Number(camera.observer.values("CCD_CONTROLS").Gain);
  return set(camera, "CCD_CONTROLS", { Gain: gain === 100 ? 101 : 100 }, LIMIT.control);
};

const expose = (camera: TormentedCamera, seconds: number) =>
  set(camera, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds }, seconds * 1_000 + LIMIT.exposure);

/** Begins an exposure and waits until it runs; its end is another matter. */
async function begin({ observer }: TormentedCamera, seconds: number): Promise<void> {
  const { client, device } = observer;
  const running = client.expect(
    (heard) =>
      heard.tag === "set" &&
      heard.kind === "Number" &&
      heard.name === "CCD_EXPOSURE" &&
      heard.state === "Busy" &&
      Number(heard.elements[0]?.value) < seconds,
    { timeout: LIMIT.exposure },
  );
  client.newNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
  await running;
}

/** Begins a stream; answers when it runs, or has failed to. */
async function stream({ observer }: TormentedCamera): Promise<void> {
  const { client, device } = observer;
  const settled = client.expect(
    (heard) =>
      heard.tag === "set" &&
      heard.kind === "Switch" &&
      heard.name === "CCD_VIDEO_STREAM" &&
      (heard.state !== "Busy" || heard.elements.some(({ value }) => value === "On")),
    { timeout: LIMIT.stream },
  );
  client.newSwitches(device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  await settled;
}

const stop = (camera: TormentedCamera) =>
  choose(camera, "CCD_VIDEO_STREAM", "STREAM_OFF", LIMIT.stream);

/** Waits until what was ordered has happened, for at most so long. */
async function suffered(camera: TormentedCamera, milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await delay(50)) {
    if (await camera.hasSuffered()) return;
  }
}

/** All that clients do with a camera. */
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
    act: (camera) => choose(camera, "CONNECTION", "CONNECT", LIMIT.connect),
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
    async prepare(camera) {
      await choose(camera, "CCD_FAST_TOGGLE", "INDI_ENABLED", LIMIT.control);
      await set(camera, "CCD_FAST_COUNT", { FRAMES: 3 }, LIMIT.control);
    },
    async act(camera) {
      await expose(camera, 0.02);
      await suffered(camera, 1_000);
      await choose(camera, "CCD_ABORT_EXPOSURE", "ABORT", LIMIT.abort);
      await choose(camera, "CCD_FAST_TOGGLE", "INDI_DISABLED", LIMIT.control);
    },
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
