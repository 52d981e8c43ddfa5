import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { Observer } from "../integration/observer.js";
import { Rig } from "../support/daemon.js";
import { ownDisk } from "../support/disk.js";
import { callsFor, eventually } from "../support/steering.js";
import { cameraAt, picturesOf } from "./camera-at.js";

const PATTERN = { ASI_SIM_PATTERN: "1" };

async function wantSeries(observer: Observer, frames: number): Promise<void> {
  await observer.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
  await observer.set("CCD_FAST_COUNT", { FRAMES: frames });
}

/** Starts an exposure and waits for the word that all is done. */
async function series(observer: Observer, seconds: number) {
  const { client, device } = observer;
  const states: string[] = [];
  const done = client.expect(
    (heard) => {
      if (heard.tag !== "set" || heard.device !== device) return false;
      const [first] = heard.elements;
      const value = first !== undefined && "value" in first ? first.value : "";
      if (heard.name === "CCD_EXPOSURE") states.push(`${heard.state} ${value}`);
      if (heard.name === "CCD_FAST_COUNT") states.push(`count ${heard.state} ${value}`);
      if (heard.name === "CCD1") states.push("picture");
      const last = states.at(-1) ?? "";
      return heard.name === "CCD_EXPOSURE" && /^(Alert|Idle)/.test(last)
        ? heard
        : isLast(states) && heard;
    },
    { timeout: 20_000 },
  );
  client.newNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
  return { outcome: await done, states };
}

/** The exposure is Ok and the count no longer Busy. */
function isLast(states: readonly string[]): boolean {
  const count = states.findLast((state) => state.startsWith("count"));
  return states.at(-1) === "Ok 0" && (count?.startsWith("count Idle") ?? false);
}

test("a series is pictures in order, each told, with the time it was begun", async () => {
  const { observer } = await cameraAt("ASI290MM Mini", PATTERN);
  await observer.set("CCD_FRAME", { X: 100, Y: 50, WIDTH: 61, HEIGHT: 37 });
  await wantSeries(observer, 5);
  const pictures = picturesOf(observer);
  const { states } = await series(observer, 0.2);
  expect(states.filter((state) => state !== "Busy 0")).toEqual([
    ...["Busy 0.2", "count Busy 5"],
    ...[4, 3, 2, 1].flatMap((left) => [`count Busy ${left}`, "Ok 0", "Busy 0.2", "picture"]),
    ...["picture", "count Idle 1", "Ok 0"],
  ]);
  const files = pictures.map(({ data }) => readFits(data));
  // The test pattern counts what the camera took: none is missing, none comes twice.
  const counts = [0, 1, 2, 3, 4].map(
    (number) => (100 * 257 + 50 * 1543 + 4099 + number * 8209) & 0xfff0,
  );
  const numbers = files.map(({ pixels }) => counts.indexOf(pixels[0] ?? -1));
  expect(numbers).toEqual([0, 1, 2, 3, 4]);
  const starts = files.map(({ keywords }) => Date.parse(`${keywords.get("DATE-OBS")}Z`));
  expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
  // Single ones are as late or early as their read-out.
  const mean = ((starts[4] ?? 0) - (starts[0] ?? 0)) / 4;
  expect(mean).toBeGreaterThan(160);
  expect(mean).toBeLessThan(280);
});

test("reading out overlaps with the next exposure", async () => {
  // Reading out a frame of 4 MB takes about 0.2 s at 20 MB/s.
  const { observer } = await cameraAt("ASI290MM Mini", { ...PATTERN, ASI_SIM_USB_MBPS: "20" });
  const began = performance.now();
  for (let picture = 0; picture < 5; picture++) await observer.expose(0.25);
  const oneByOne = performance.now() - began;
  await wantSeries(observer, 5);
  const again = performance.now();
  await series(observer, 0.25);
  const together = performance.now() - again;
  expect(oneByOne).toBeGreaterThan(5 * 450);
  expect(together).toBeLessThan(0.8 * oneByOne);
});

test("an abort ends a series at once, and what is left is told", async () => {
  const { observer, daemon } = await cameraAt("ASI120MM", PATTERN);
  await wantSeries(observer, 100);
  const pictures = picturesOf(observer);
  const run = series(observer, 0.1);
  await eventually("two pictures came", () => pictures.length >= 2);
  await observer.choose("CCD_ABORT_EXPOSURE", "ABORT");
  expect((await run).outcome).toMatchObject({ state: "Idle" });
  const left = Number(observer.values("CCD_FAST_COUNT").FRAMES);
  expect(left).toBeLessThanOrEqual(98);
  expect(left).toBeGreaterThan(50);
  expect(callsFor(daemon.rig, 0).at(-1)?.name).not.toBe("ASIGetVideoData");
  await observer.choose("CCD_FAST_TOGGLE", "INDI_DISABLED");
  await observer.expose();
});

test("switching series off ends the one that runs", async () => {
  const { observer } = await cameraAt("ASI120MM", PATTERN);
  await wantSeries(observer, 100);
  const pictures = picturesOf(observer);
  const run = series(observer, 0.1);
  await eventually("a picture came", () => pictures.length >= 1);
  await observer.choose("CCD_FAST_TOGGLE", "INDI_DISABLED");
  expect((await run).outcome).toMatchObject({ state: "Idle" });
  await observer.expose();
});

test("a disk that fills up ends a series in Alert, and the camera goes on working", async () => {
  const rig = new Rig("ASI120MM", PATTERN);
  const disk = join(rig.home, "disk");
  // Room for two pictures of 1280 x 960 bytes.
  const prefix = ownDisk(disk, "size=3m");
  const { daemon, observer } = await cameraAt("ASI120MM", PATTERN, { rig, prefix });
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  observer.client.newTexts(observer.device, "UPLOAD_SETTINGS", { UPLOAD_DIR: disk });
  await wantSeries(observer, 20);
  const { outcome } = await series(observer, 0.1);
  expect(outcome).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/IMAGE_XXX\.fits: .*ENOSPC/),
  });
  expect(observer.values("CCD_FAST_COUNT").FRAMES).toBe("1");
  expect(readdirSync(`/proc/${daemon.pid}/root${disk}`).sort()).toEqual([
    "IMAGE_001.fits",
    "IMAGE_002.fits",
  ]);
  await observer.choose("UPLOAD_MODE", "UPLOAD_CLIENT");
  await observer.expose();
});

test("a camera that sends nothing, whatever is tried, ends a series in Alert", async () => {
  const { observer, daemon } = await cameraAt("ASI290MM Mini", PATTERN);
  await observer.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 32 });
  await wantSeries(observer, 3);
  daemon.rig.steer("fail", "ASIGetVideoData", "16", "1000");
  expect((await series(observer, 0.1)).outcome).toMatchObject({ state: "Alert" });
  daemon.rig.steer("clear");
  await observer.choose("CCD_FAST_TOGGLE", "INDI_DISABLED");
  await observer.expose();
});

test("blinks come before the picture, in the dark, and nobody gets them", async () => {
  const { observer, daemon } = await cameraAt("ASI120MM", PATTERN);
  await observer.set("BLINK", { BLINK_COUNT: 3, BLINK_DURATION: 0.02 });
  const pictures = picturesOf(observer);
  await observer.expose(0.05);
  expect(pictures).toHaveLength(1);
  const calls = callsFor(daemon.rig, 0);
  const starts = calls.filter(({ name }) => name === "ASIStartExposure").map(({ args }) => args[0]);
  expect(starts).toEqual(["1", "1", "1", "0"]);
  const times = calls.filter(({ name, args }) => name === "ASISetControlValue" && args[0] === "1");
  expect(times.map(({ args }) => args[1])).toEqual(["20000", "20000", "20000", "50000"]);
  expect(calls.filter(({ name }) => name === "ASIGetDataAfterExp")).toHaveLength(1);
});

test("no single exposure of a series can be ended early, and the state of the camera follows each", async () => {
  const { observer } = await cameraAt("ASI290MM Mini", PATTERN);
  await wantSeries(observer, 3);
  const states: string[] = [];
  const { client, device } = observer;
  const listening = client.expect((heard) => {
    if (heard.tag !== "set" || heard.device !== device || heard.name !== "CAMERA_STATE")
      return false;
    const now = heard.elements.find((one) => "value" in one && one.value !== "Idle");
    if (now !== undefined) states.push(now.name);
    return false;
  });
  listening.catch(() => undefined);
  const done = series(observer, 0.4);
  await eventually("the first is exposed", () => states.includes("EXPOSING"));
  const answer = await observer.choose("CCD_STOP_EXPOSURE", "STOP");
  expect(answer).toMatchObject({
    state: "Alert",
    message: "[ERROR] What is running cannot end before its time.",
  });
  await done;
  await eventually("all are delivered", () => states.at(-1) === "IDLE");
  expect(states.slice(0, 3)).toEqual(["EXPOSING", "READING", "DOWNLOAD"]);
  expect(states.filter((state) => state === "READING")).toHaveLength(3);
});
