import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { OneBlob } from "../../src/indi/messages.js";
import { startDaemon } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const PATIENCE = { timeout: 20_000 };

/** What a header tells of the settings a picture was taken with. */
function settingsOf({ data }: OneBlob) {
  const { width, height, keywords } = readFits(data);
  const told = (name: string) => Number(keywords.get(name));
  return {
    size: [width, height],
    place: [told("XORGSUBF"), told("YORGSUBF")],
    binning: told("XBINNING"),
    bits: told("BITPIX"),
    gain: told("GAIN"),
    offset: told("OFFSET"),
  };
}

test("a sequence goes on with the next exposure and the same settings when the camera is plugged in again", async () => {
  const daemon = await startDaemon({ models: "ASI2600MC Pro" });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, "ZWO CCD ASI2600MC Pro");
  onTestFinished(() => void observer.client.close());
  const { client, device } = observer;
  await observer.connect();
  await observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16");
  await observer.set("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
  await observer.set("CCD_FRAME", { X: 320, Y: 160, WIDTH: 640, HEIGHT: 320 });
  await observer.set("CCD_CONTROLS", { Gain: 120, Offset: 30, BandWidth: 70 });
  client.newNumbers(device, "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 });

  const pictures: OneBlob[] = [];
  let failed = 0;
  // As a program with a list of exposures does: the next one as soon as the camera takes it.
  const sequence = (async () => {
    while (pictures.length < 6) {
      await client.until(() => client.property(device, "CCD_EXPOSURE"), PATIENCE);
      try {
        pictures.push(await observer.expose(0.5));
      } catch {
        failed++;
        await client.until(() => client.property(device, "CCD_EXPOSURE") === undefined, PATIENCE);
      }
    }
  })();
  await eventually("three pictures", () => pictures.length === 3);
  daemon.rig.steer("unplug");
  await eventually("the loss is told", () => failed === 1);
  daemon.rig.steer("plug");
  await sequence;

  expect(failed).toBe(1);
  expect(pictures.map(settingsOf)).toEqual(
    Array(6).fill({
      size: [320, 160],
      place: [160, 80],
      binning: 2,
      bits: 16,
      gain: 120,
      offset: 30,
    }),
  );
  expect(observer.values("CCD_CONTROLS").BandWidth).toBe("70");
  // The set-point, and that it is cooled.
  expect(daemon.rig.steer("status")).toMatch(/ -5 +on /);
});
