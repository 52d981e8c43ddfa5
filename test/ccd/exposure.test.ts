import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/camera/clock.js";
import { exposure } from "../../src/ccd/exposure.js";
import { recovery } from "../../src/ccd/recovery.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { openCamera } from "../support/simulated-camera.js";
import { eventually } from "../support/steering.js";

test("A picture that cannot be packed ends the exposure in Alert with the value 0", async () => {
  const { camera } = await openCamera("ASI120MM");
  const device = new RecordedDevice();
  device.onConnect((connection) =>
    exposure(connection, camera, {
      recovery: recovery(connection, camera, { clock: systemClock, message: () => undefined }),
      type: () => ({ isDark: false, isBias: false, isLight: true, label: "Light" }),
      delivery: () => ({
        order: "fits",
        headRoom: 0,
        tailRoom: 0,
        async deliver(frame) {
          frame.release();
          throw new Error("no header today");
        },
      }),
      unless: () => false,
      message: () => undefined,
      debug: () => undefined,
    }),
  );
  onTestFinished(() => device.disconnect());
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  const told: string[] = [];
  const hear = (line: RegExp) =>
    eventually(`${line}`, () => {
      told.push(...device.told());
      return told.some((said) => line.test(said));
    });
  await hear(/^def CCD_ABORT_EXPOSURE/);
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.01" });
  await hear(/^CCD_EXPOSURE Alert CCD_EXPOSURE_VALUE=0 \[ERROR\] no header today/);
  expect(device.failures).toEqual(["CCD_EXPOSURE: Error: no header today"]);
});
