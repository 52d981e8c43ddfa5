import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Rig } from "../support/daemon.js";
import { ownDisk } from "../support/disk.js";
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

test.each([
  ["full", "size=512k", "there is no space left on the disk (ENOSPC)"],
  ["read-only", "ro", "the file system is read-only (EROFS)"],
])(
  "a disk that is %s ends the exposure in Alert with the path, and the picture still goes to clients",
  async (_, options, reason) => {
    const rig = new Rig("ASI120MM");
    const prefix = ownDisk(join(rig.home, "disk"), options);
    const { daemon, observer, home } = await cameraAt("ASI120MM", {}, { rig, prefix });
    const { client, device } = observer;
    await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
    client.newTexts(device, "UPLOAD_SETTINGS", { UPLOAD_DIR: join(home, "disk") });
    const blob = client.expect((heard) => heard.tag === "set" && heard.name === "CCD1" && heard);
    const outcome = await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(await blob).toMatchObject({ elements: [{ format: ".fits" }] });
    expect(outcome).toMatchObject({
      state: "Alert",
      elements: [{ value: "0" }],
      message: `[ERROR] Cannot save ${home}/disk/IMAGE_XXX.fits: ${reason}.`,
    });
    expect(client.property(device, "CCD_FILE_PATH")?.state).toBe("Alert");
    // The daemon's disk is no other process's.
    expect(readdirSync(`/proc/${daemon.pid}/root${home}/disk`)).toEqual([]);
    client.newTexts(device, "UPLOAD_SETTINGS", { UPLOAD_DIR: home });
    await observer.expose();
    expect(readdirSync(home).filter((name) => name.startsWith("IMAGE"))).toEqual([
      "IMAGE_001.fits",
    ]);
  },
);

test("a picture for the disk only goes to clients where the disk does not take it", async () => {
  const { observer, home } = await cameraAt("ASI120MM");
  const { client, device } = observer;
  const messages = messagesOf(observer);
  const pictures = picturesOf(observer);
  writeFileSync(join(home, "night"), "no folder");
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  client.newTexts(device, "UPLOAD_SETTINGS", { UPLOAD_DIR: join(home, "night") });
  const blob = client.expect((heard) => heard.tag === "set" && heard.name === "CCD1" && heard);
  const outcome = await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  await blob;
  expect(outcome).toMatchObject({
    state: "Alert",
    message: `[ERROR] Cannot save ${home}/night/IMAGE_XXX.fits: a part of the path is no directory (EEXIST).`,
  });
  expect(messages).toContain("[WARNING] The picture that was for the disk goes to clients.");
  expect(readFits(pictures[0]?.data ?? Buffer.of())).toMatchObject({ width: 1280, height: 960 });
});

test("a folder the operator does not allow is refused at once, saved or sent, and no file is made there", async () => {
  const device = "ZWO CCD ASI120MM";
  const rig = new Rig("ASI120MM");
  const saved = (name: string, element: string, value: string) =>
    `<newTextVector device="${device}" name="${name}"><oneText name="${element}">${value}</oneText></newTextVector>`;
  mkdirSync(join(rig.home, ".indi"));
  writeFileSync(
    join(rig.home, `.indi/${device}_config.xml`),
    `<INDIDriver>${saved("UPLOAD_SETTINGS", "UPLOAD_DIR", "/etc")}${saved("RECORD_FILE", "RECORD_FILE_DIR", "/etc")}</INDIDriver>`,
  );
  const { observer, home } = await cameraAt("ASI120MM", {}, { rig });
  const messages = messagesOf(observer);
  const { client } = observer;
  const initially = { UPLOAD_DIR: home, UPLOAD_PREFIX: "IMAGE_XXX" };
  expect(await observer.choose("CONFIG_PROCESS", "CONFIG_LOAD")).toMatchObject({ state: "Ok" });
  expect(observer.values("UPLOAD_SETTINGS")).toEqual(initially);
  expect(observer.values("RECORD_FILE").RECORD_FILE_DIR).toBe(join(home, "Videos/indi__D_"));

  symlinkSync("/etc", join(home, "link"));
  for (const [name, element, value] of [
    ["UPLOAD_SETTINGS", "UPLOAD_DIR", "/etc"],
    ["UPLOAD_SETTINGS", "UPLOAD_DIR", "_HOME_/link"],
    ["UPLOAD_SETTINGS", "UPLOAD_PREFIX", "../../IMAGE_XXX"],
    ["RECORD_FILE", "RECORD_FILE_DIR", "_HOME_/../elsewhere"],
    ["DARK_SUBTRACT_FILE", "PATH", "/etc/passwd"],
  ] as const) {
    const answer = observer.answer(name);
    client.newTexts(device, name, { [element]: value });
    expect(await answer).toMatchObject({
      state: "Alert",
      message: expect.stringMatching(/is not allowed: files may be in .*--file-root/),
    });
  }
  expect(observer.values("UPLOAD_SETTINGS")).toEqual(initially);
  expect(messages.join("\n")).not.toMatch(/Image saved/);
});

test("a folder that becomes a link elsewhere is refused when the picture is saved", async () => {
  const { observer, home } = await cameraAt("ASI120MM");
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  const answer = observer.answer("UPLOAD_SETTINGS");
  observer.client.newTexts(observer.device, "UPLOAD_SETTINGS", { UPLOAD_DIR: "_HOME_/night" });
  expect(await answer).toMatchObject({ state: "Ok" });
  const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  symlinkSync(elsewhere, join(home, "night"));
  const outcome = await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  expect(outcome).toMatchObject({
    state: "Alert",
    message: `[ERROR] ${home}/night is not allowed: files may be in ${home}, /media, /mnt, /run/media. More is allowed with --file-root where the daemon is started.`,
  });
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("an operator names other folders, and files go to the first of them unless told otherwise", async () => {
  const disks = ["first-", "second-"].map((name) => mkdtempSync(join(tmpdir(), name)));
  onTestFinished(() => disks.forEach((disk) => void rmSync(disk, { recursive: true })));
  const [first = "", second = ""] = disks;
  const args = ["--file-root", first, "--file-root", second];
  const { observer, home } = await cameraAt("ASI120MM", {}, { args });
  const { client, device } = observer;
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  client.newTexts(device, "UPLOAD_SETTINGS", { UPLOAD_DIR: second });
  await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  expect(disks.map((disk) => readdirSync(disk))).toEqual([["IMAGE_001.fits"], ["IMAGE_001.fits"]]);
  const answer = observer.answer("UPLOAD_SETTINGS");
  client.newTexts(device, "UPLOAD_SETTINGS", { UPLOAD_DIR: home });
  expect(await answer).toMatchObject({ state: "Alert" });
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
