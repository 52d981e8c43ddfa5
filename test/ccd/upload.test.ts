import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { cameraAt, messagesOf, picturesOf } from "./camera-at.js";

test("pictures for the disk only are saved, told and not sent", async () => {
  const { observer, home } = await cameraAt("ASI120MM");
  const messages = messagesOf(observer);
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  const pictures = picturesOf(observer);
  const outcome = await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  const path = join(home, "IMAGE_001.fits");
  expect(outcome).toMatchObject({ state: "Ok", elements: [{ value: "0" }] });
  expect(observer.values("CCD_FILE_PATH")).toEqual({ FILE_PATH: path });
  expect(messages).toContain(`[INFO] Image saved to ${path}`);
  expect(readFits(readFileSync(path))).toMatchObject({ width: 1280, height: 960 });
  expect(pictures).toEqual([]);
});

test("pictures for both are the same for clients and on disk", async () => {
  const { observer, home } = await cameraAt("ASI120MM");
  await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
  observer.client.newTexts(observer.device, "UPLOAD_SETTINGS", {
    UPLOAD_DIR: "_HOME_/night",
    UPLOAD_PREFIX: "M 31_XXX",
  });
  const { data } = await observer.expose();
  expect(readFileSync(join(home, "night/M 31_001.fits")).equals(data)).toBe(true);
});

test("a disk that is full ends the exposure in Alert, and the picture still goes to clients", async () => {
  const { observer, home } = await cameraAt("ASI120MM");
  await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
  mkdirSync(home, { recursive: true });
  symlinkSync("/dev/full", join(home, ".IMAGE_001.fits.part"));
  const blob = observer.client.expect((heard) => heard.tag === "set" && heard.name === "CCD1");
  const outcome = await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  await blob;
  expect(outcome).toMatchObject({
    state: "Alert",
    elements: [{ value: "0" }],
    message: `[ERROR] Cannot save ${home}/IMAGE_001.fits: there is no space left on the disk (ENOSPC).`,
  });
  expect(existsSync(join(home, "IMAGE_001.fits"))).toBe(false);
  await observer.expose();
  expect(readdirSync(home).filter((name) => name.startsWith("IMAGE"))).toEqual(["IMAGE_001.fits"]);
});

test("the path is shown only while pictures go to disk", async () => {
  const { observer } = await cameraAt("ASI120MM");
  const { client, device } = observer;
  expect(client.property(device, "CCD_FILE_PATH")).toBeUndefined();
  await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
  await client.until(() => client.property(device, "CCD_FILE_PATH"), { timeout: 5_000 });
  await observer.choose("UPLOAD_MODE", "UPLOAD_CLIENT");
  expect(client.property(device, "CCD_FILE_PATH")).toBeUndefined();
});
