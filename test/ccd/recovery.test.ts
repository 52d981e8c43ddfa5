import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { callsFor, cameraProcess, eventually } from "../support/steering.js";
import { cameraAt, messagesOf, picturesOf } from "./camera-at.js";

/** As often as an exposure is started before the next step is taken. */
const ATTEMPTS = 3;

const STEPS = {
  reopened:
    "[WARNING] The camera reports that the exposure failed (ASI_EXP_FAILED). The camera is closed and opened again.",
  replaced:
    "[WARNING] The camera reports that the exposure failed (ASI_EXP_FAILED). The camera is given to a new process.",
  reset:
    "[WARNING] The camera reports that the exposure failed (ASI_EXP_FAILED). The camera is reset for a last attempt.",
};

/** A camera with settings of its own, whose next exposures fail so often. */
async function failing(times: number) {
  const place = await cameraAt("ASI2600MC Pro");
  const { observer, daemon } = place;
  const messages = messagesOf(observer);
  await observer.set("CCD_CONTROLS", { Gain: 42, Offset: 7, BandWidth: 60 });
  await observer.set("CCD_FRAME", { X: 160, Y: 80, WIDTH: 64, HEIGHT: 32 });
  observer.client.newNumbers(observer.device, "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 });
  await eventually("it cools", () => / -5 +on /.test(daemon.rig.steer("status")));
  daemon.rig.steer("exposure-fail", `${times}`);
  const steps = () => messages.filter((text) => Object.values(STEPS).includes(text));
  return { ...place, messages, steps, process: cameraProcess(daemon.rig, 0) };
}

/** What the header tells of the settings. */
async function pictureOf({ observer }: Awaited<ReturnType<typeof failing>>) {
  const { width, height, keywords } = readFits((await observer.expose(0.01)).data);
  const told = (name: string) => keywords.get(name);
  return {
    width,
    height,
    left: told("XORGSUBF"),
    top: told("YORGSUBF"),
    gain: told("GAIN"),
    offset: told("OFFSET"),
  };
}

const SETTINGS = { width: 64, height: 32, left: 160, top: 80, gain: 42, offset: 7 };

test("a camera that fails three times is opened again, with its settings and its cooler on", async () => {
  const place = await failing(ATTEMPTS);
  expect(await pictureOf(place)).toEqual(SETTINGS);
  expect(place.steps()).toEqual([STEPS.reopened]);
  const { rig } = place.daemon;
  expect(cameraProcess(rig, 0)).toBe(place.process);
  expect(rig.steer("status")).toMatch(/ -5 +on /);
  const orders = callsFor(rig, 0).filter(({ name }) => name === "ASISetControlValue");
  const [BANDWIDTH, COOLER] = ["6", "17"];
  expect(orders.findLast(({ args }) => args[0] === BANDWIDTH)?.args[1]).toBe("60");
  expect(orders.filter(({ args }) => args[0] === COOLER && args[1] === "0")).toEqual([]);
});

test("one that still fails is given to a new process, with its settings and its cooler on", async () => {
  const place = await failing(2 * ATTEMPTS);
  expect(await pictureOf(place)).toEqual(SETTINGS);
  expect(place.steps()).toEqual([STEPS.reopened, STEPS.replaced]);
  expect(cameraProcess(place.daemon.rig, 0)).not.toBe(place.process);
  expect(place.daemon.rig.steer("status")).toMatch(/ -5 +on /);
});

test("one that fails even then is reset on the bus where that is wanted", async () => {
  const place = await failing(3 * ATTEMPTS);
  await place.observer.choose("USB_RESET", "INDI_ENABLED");
  expect(await pictureOf(place)).toEqual(SETTINGS);
  expect(place.steps()).toEqual([STEPS.reopened, STEPS.replaced, STEPS.reset]);
  expect(place.messages.join("\n")).toMatch(/The camera was not reset: the system shows no USB/);
});

test("one that fails even then ends in Alert where it is not, and begins anew with the next request", async () => {
  const place = await failing(4 * ATTEMPTS);
  await expect(place.observer.expose(0.01)).rejects.toThrow("ASI_EXP_FAILED");
  expect(await pictureOf(place)).toEqual(SETTINGS);
  expect(place.steps()).toEqual([STEPS.reopened, STEPS.replaced, STEPS.reopened]);
});

const LIBRARY_SAYS = "ASI_ERROR_GENERAL_ERROR";
/** As often as a video is started before the next step is taken. */
const VIDEO_ATTEMPTS = 4;

test("a stream that does not start climbs the same steps, and goes on with the settings it had", async () => {
  const { observer, daemon, messages } = await failing(0);
  daemon.rig.steer("fail", "ASIStartVideoCapture", "16", `${2 * VIDEO_ATTEMPTS}`);
  observer.client.newSwitches(observer.device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  await eventually("frames", () => Number(observer.values("STREAM_STATS").FRAME_NUMBER) > 2);
  const told = messages.filter((text) => text.includes(LIBRARY_SAYS));
  expect(told.map((text) => /[^.]+\.$/.exec(text)?.[0].trim())).toEqual([
    ...Array(VIDEO_ATTEMPTS - 1).fill("The video is started again."),
    "The camera is closed and opened again.",
    ...Array(VIDEO_ATTEMPTS - 1).fill("The video is started again."),
    "The camera is given to a new process.",
  ]);
  await observer.choose("CCD_VIDEO_STREAM", "STREAM_OFF");
  expect(observer.values("CCD_CONTROLS").Gain).toBe("42");
  expect(daemon.rig.steer("status")).toMatch(/ -5 +on /);
});

test("a stream that does not start even then ends in Alert", async () => {
  const { observer, daemon } = await failing(0);
  daemon.rig.steer("fail", "ASIStartVideoCapture", "16", "1000");
  const ended = observer.client.expect(
    (heard) =>
      heard.tag === "set" && heard.name === "CCD_VIDEO_STREAM" && heard.state === "Alert" && heard,
  );
  observer.client.newSwitches(observer.device, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  expect(await ended).toMatchObject({ message: expect.stringContaining(LIBRARY_SAYS) });
});

test("a series that breaks off goes on after a step, with as many pictures as were asked for", async () => {
  const { observer, daemon, messages } = await failing(0);
  await observer.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
  await observer.set("CCD_FAST_COUNT", { FRAMES: 4 });
  const pictures = picturesOf(observer);
  daemon.rig.steer("fail", "ASIGetVideoData+1", "16");
  observer.client.newNumbers(observer.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.1 });
  await eventually("four pictures", () => pictures.length === 4);
  expect(messages.filter((text) => text.includes("is closed and opened again"))).toHaveLength(1);
  await eventually("the end", () => observer.values("CAMERA_STATE").IDLE === "Ok");
  expect(pictures).toHaveLength(4);
  for (const { data } of pictures) expect(readFits(data).keywords.get("GAIN")).toBe(42);
});
