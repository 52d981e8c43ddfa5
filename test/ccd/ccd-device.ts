import { onTestFinished } from "vitest";
import { systemClock } from "../../src/camera/clock.js";
import { ccd } from "../../src/ccd/ccd.js";
import { CustomKeywords } from "../../src/ccd/custom-keywords.js";
import type { Rig } from "../support/daemon.js";
import { filesIn } from "../support/files.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { openCamera } from "../support/simulated-camera.js";
import { eventually } from "../support/steering.js";

/** A simulated camera as an INDI CCD, with what its clients were told. */
export interface CcdDevice {
  readonly device: RecordedDevice;
  readonly rig: Rig;
  /** Waits until clients were told a line such as this, and returns it. */
  hear(line: RegExp): Promise<string>;
  /** Lets the device's clock, not that of the world, be later by so many milliseconds. */
  passTime(milliseconds: number): void;
}

/** Connects a simulated camera for one test; its temperature is read fifty times a second. */
export async function ccdDevice(
  model: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CcdDevice> {
  const { rig, camera } = await openCamera(model, env);
  const device = new RecordedDevice();
  let passed = 0;
  device.onConnect((connection) =>
    ccd(connection, camera, {
      device,
      clock: { ...systemClock, now: () => systemClock.now() + passed },
      files: filesIn(rig.home),
      keywords: new CustomKeywords(),
      software: "a test",
      observatory: () => ({}),
      telescopeName: () => "",
      pollingPeriod: () => 20,
      debug: () => undefined,
    }),
  );
  onTestFinished(() => device.disconnect());
  const lines: string[] = [];
  let heard = 0;
  const hear = async (pattern: RegExp) => {
    let index = -1;
    await eventually(`${pattern} after ${lines.slice(heard).join("; ")}`, () => {
      lines.push(...device.told());
      index = lines.findIndex((line, number) => number >= heard && pattern.test(line));
      return index >= 0;
    });
    heard = index + 1;
    return lines[index] ?? "";
  };
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  await hear(/^def SDK/);
  return {
    device,
    rig,
    hear,
    passTime(milliseconds) {
      passed += milliseconds;
    },
  };
}
