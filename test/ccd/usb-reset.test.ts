import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { cameraProcess } from "../support/steering.js";
import { cameraAt, messagesOf } from "./camera-at.js";

/** As often as an exposure is started before it counts as failed. */
const ATTEMPTS = "3";

test("a camera that fails is reset and tried once more where that is wanted, with its settings kept", async () => {
  const { observer, daemon } = await cameraAt("ASI120MM");
  const messages = messagesOf(observer);
  await observer.choose("USB_RESET", "INDI_ENABLED");
  await observer.set("CCD_CONTROLS", { Gain: 42 });
  const before = cameraProcess(daemon.rig, 0);
  daemon.rig.steer("exposure-fail", ATTEMPTS);
  const { keywords } = readFits((await observer.expose(0.01)).data);
  expect(keywords.get("GAIN")).toBe(42);
  expect(cameraProcess(daemon.rig, 0)).not.toBe(before);
  expect(messages).toContainEqual(
    expect.stringMatching(/^\[INFO\] .*ASI_EXP_FAILED.* The camera is reset for a last attempt\.$/),
  );
});

test("without that wish a failure is a failure", async () => {
  const { observer, daemon } = await cameraAt("ASI120MM");
  daemon.rig.steer("exposure-fail", ATTEMPTS);
  await expect(observer.expose(0.01)).rejects.toThrow("ASI_EXP_FAILED");
});
