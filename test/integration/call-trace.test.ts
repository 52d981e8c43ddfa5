import { expect, it, onTestFinished } from "vitest";
import { startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

async function nightWith(level: "debug" | "info") {
  const daemon = await startDaemon({ models: "ASI290MM Mini", args: ["--log-level", level] });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
  await observer.expose();
  await observer.set("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 20 });
  return daemon;
}

it("at the level debug the log has each call of the vendor library with its duration", async () => {
  const daemon = await nightWith("debug");
  await daemon.says(/debug scan: ASIGetNumOfConnectedCameras\(\) = 1 in \d+\.\d{3} ms/);
  await daemon.says(new RegExp(`debug ${DEVICE}: ASIStartExposure\\(0, 0\\) = 0 in \\d+`));
  await daemon.says(/ASIGetDataAfterExp\(0, 4243712 bytes, 4243712\) = 0 in \d+/);
  await daemon.says(/ASIPulseGuideOff\(0, 0\) = 0 in \d+/);
});

it("at other levels no call is told, nor traced", async () => {
  const daemon = await nightWith("info");
  expect(daemon.stderr).toContain("connected");
  expect(daemon.stderr).not.toMatch(/ASI[A-Z][a-z]+\(/);
});
