import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { configFileName, SavedConfig } from "../../src/indi/saved-config.js";
import { type DaemonProcess, descendantsOf, isAlive, Rig, startDaemon } from "../support/daemon.js";
import { CLEAN, fitsverify } from "../support/programs.js";
import { closedRelays, eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const IMAGER = "ZWO CCD ASI120MM";
const RECORDER = "ZWO CCD ASI290MM Mini";
const PATIENCE = { timeout: 20_000 };

/** A SER file's own words: header, bytes of a frame, and the frames it says it has. */
const HEADER = 178;
const FRAME = 64 * 48 * 2;
const COUNT_AT = 38;

async function night(rig: Rig) {
  const daemon = await startDaemon({ models: "", rig });
  const imager = await Observer.at(daemon.port, IMAGER);
  const recorder = await Observer.at(daemon.port, RECORDER);
  for (const observer of [imager, recorder]) {
    onTestFinished(() => void observer.client.close());
    await observer.connect();
  }
  return { daemon, imager, recorder };
}

/** Has everything written that is ever written, and relays closed, until the daemon is no more. */
function writeEverything(imager: Observer, recorder: Observer): Promise<unknown> {
  const forEver = async (act: (round: number) => Promise<unknown>) => {
    for (let round = 1; ; round++) await act(round);
  };
  const works = [
    forEver(() => imager.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.001 })),
    forEver(async (round) => {
      await recorder.set("CCD_CONTROLS", { Gain: round % 100 });
      await recorder.choose("CONFIG_PROCESS", "CONFIG_SAVE");
    }),
    forEver(() => imager.set("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 300 })),
  ];
  return Promise.allSettled(works);
}

async function prepare(imager: Observer, recorder: Observer, home: string): Promise<void> {
  await imager.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 640, HEIGHT: 480 });
  await imager.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  await recorder.set("CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 48 });
  await recorder.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16");
  const { client, device } = recorder;
  const answer = recorder.answer("RECORD_FILE");
  client.newTexts(device, "RECORD_FILE", {
    RECORD_FILE_DIR: join(home, "videos"),
    RECORD_FILE_NAME: "video",
  });
  await answer;
  client.newSwitches(device, "RECORD_STREAM", { RECORD_ON: true });
}

/** Whatever was being written, nothing in the home directory is less than it looks. */
async function expectSound(home: string): Promise<void> {
  for (const name of readdirSync(home).filter((each) => /^IMAGE/.test(each))) {
    expect(fitsverify(readFileSync(join(home, name))), name).toContain(CLEAN);
  }
  const config = new SavedConfig(join(home, ".indi", configFileName(RECORDER)));
  const saved = await config.load("config", RECORDER);
  expect(saved === undefined || saved.some(({ name }) => name === "CCD_CONTROLS")).toBe(true);
  for (const name of readdirSync(join(home, "videos"))) {
    const path = join(home, "videos", name);
    const told = readFileSync(path).readInt32LE(COUNT_AT);
    expect(told).toBeLessThanOrEqual(Math.floor((statSync(path).size - HEADER) / FRAME));
  }
}

/** Ends a daemon: as systems do that shut down, at once, or together with its processes as if the power failed. */
async function end(daemon: DaemonProcess, how: "SIGTERM" | "SIGKILL" | "power"): Promise<void> {
  if (how === "SIGTERM") return daemon.expectEnd(() => process.kill(daemon.pid, how));
  const processes = descendantsOf(daemon.pid);
  const killed = daemon.kill();
  if (how === "power") for (const pid of processes.filter(isAlive)) process.kill(pid, "SIGKILL");
  await killed;
  await eventually("its processes have ended", () => !processes.some(isAlive), 5_000);
}

test.each([
  ["the daemon is told to end", "SIGTERM"],
  ["the daemon is killed", "SIGKILL"],
  ["all its processes are killed", "power"],
] as const)(
  "When %s at any moment, files are whole, the next start goes on, and relays open",
  async (_, how) => {
    const rig = new Rig("ASI120MM,ASI290MM Mini", { ASI_SIM_PATTERN: "1" });
    onTestFinished(() => rig.remove());
    let pictures = 0;
    for (let round = 0; round < 2; round++) {
      const { daemon, imager, recorder } = await night(rig);
      onTestFinished(() => daemon.kill());
      // What a daemon that was killed left closed is open as soon as its successor has the camera.
      expect(closedRelays(rig, 0)).toBe("----");
      await prepare(imager, recorder, rig.home);
      const writing = writeEverything(imager, recorder);
      await imager.client.until(() => Boolean(imager.values("CCD_FILE_PATH").FILE_PATH), PATIENCE);
      const recorded = () => Number(recorder.values("RECORD_STATS").FRAMES_RECORDED) > 0;
      await recorder.client.until(recorded, PATIENCE);
      await delay(Math.random() * 1_000);
      await end(daemon, how);
      await writing;
      if (how !== "power") expect(closedRelays(rig, 0)).toBe("----");
      await expectSound(rig.home);
      const names = readdirSync(rig.home).filter((name) => /^IMAGE_\d+\.fits$/.test(name));
      expect(names.length).toBeGreaterThan(pictures);
      pictures = names.length;
    }
    const [first] = readdirSync(rig.home).filter((name) => /^IMAGE_001/.test(name));
    expect(readFits(readFileSync(join(rig.home, basename(first ?? ""))))).toMatchObject({
      width: 640,
    });
  },
  120_000,
);
