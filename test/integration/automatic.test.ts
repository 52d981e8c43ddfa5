import { afterAll, beforeAll, expect, it } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

let daemon: DaemonProcess;
let observer: Observer;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI290MM Mini" });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
});
afterAll(() => daemon.stop());

it("A gain that the camera adjusts by itself is shown as it changes", async () => {
  const gain = () => observer.values("CCD_CONTROLS").Gain;
  await observer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.05 });
  await observer.choose("CCD_CONTROLS_MODE", "AUTO_Gain");
  const before = gain();
  observer.client.newSwitches(DEVICE, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  await expect.poll(gain, { timeout: 15_000 }).not.toBe(before);
  await observer.choose("CCD_VIDEO_STREAM", "STREAM_OFF");
});

it("An exposure time that the camera adjusts by itself is shown as it changes, until somebody sets one", async () => {
  const seconds = () => Number(observer.values("STREAMING_EXPOSURE").STREAMING_EXPOSURE_VALUE);
  await observer.set("CCD_CONTROLS", { Gain: 0, AutoExpMaxExpMS: 500 });
  await observer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.02 });
  await observer.choose("STREAM_AUTO_EXPOSURE", "INDI_ENABLED");
  observer.client.newSwitches(DEVICE, "CCD_VIDEO_STREAM", { STREAM_ON: true });
  await expect.poll(seconds, { timeout: 15_000 }).toBe(0.5);
  await observer.set("STREAMING_EXPOSURE", { STREAMING_DIVISOR_VALUE: 2 });
  expect(observer.values("STREAM_AUTO_EXPOSURE")).toMatchObject({ INDI_ENABLED: "On" });
  await observer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.05 });
  expect(observer.values("STREAM_AUTO_EXPOSURE")).toMatchObject({ INDI_ENABLED: "Off" });
  await expect
    .poll(() => Number(observer.values("FPS").EST_FPS), { timeout: 15_000 })
    .toBeGreaterThan(7);
  expect(seconds()).toBe(0.05);
  await observer.choose("CCD_VIDEO_STREAM", "STREAM_OFF");
});
