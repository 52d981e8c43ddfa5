import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { callsFor, cameraProcess } from "../support/steering.js";
import { type Depth, pattern } from "./pattern.js";
import { Viewer } from "./video-rig.js";

const MONO = "ASI290MM Mini";
const HEADER = 178;

/** A SER file taken apart by the format description. */
function taken(path: string) {
  const file = readFileSync(path);
  const [color, , width, height, bits, count] = [18, 22, 26, 30, 34, 38].map((at) =>
    file.readInt32LE(at),
  );
  const size = (width ?? 0) * (height ?? 0) * ((bits ?? 0) / 8) * ((color ?? 0) >= 100 ? 3 : 1);
  const frames = Array.from({ length: count ?? 0 }, (_, number) =>
    file.subarray(HEADER + number * size, HEADER + (number + 1) * size),
  );
  const rest = file.subarray(HEADER + frames.length * size);
  const times = Array.from({ length: Math.floor(rest.length / 8) }, (_, number) =>
    Number((rest.readBigInt64LE(8 * number) - 621_355_968_000_000_000n) / 10n),
  );
  const texts = [42, 82, 122].map((at) => file.toString("latin1", at, at + 40).replace(/\0+$/, ""));
  return { color, width, height, bits, frames, times, texts };
}

/** What Siril makes of each frame of a recording, in 16 bits. */
function statisticsBySiril(path: string) {
  const folder = dirname(path);
  const script = join(folder, "statistics.ssf");
  writeFileSync(script, `requires 1.0.0\nseqstat ${basename(path, ".ser")} statistics.csv basic\n`);
  const env = { ...process.env, HOME: folder };
  execFileSync("siril-cli", ["-d", folder, "-s", script], { env, stdio: "pipe" });
  const [head = "", ...rows] = readFileSync(join(folder, "statistics.csv"), "utf8")
    .trim()
    .split("\n");
  return rows.map((row) => {
    const values = row.split("\t");
    const value = (name: string) => 65_535 * Number(values[head.split("\t").indexOf(name)]);
    return { mean: value("mean"), min: Math.round(value("min")), max: Math.round(value("max")) };
  });
}

type Shown = Omit<Parameters<typeof pattern>[0], "frame">;

function bytesOf(shown: Shown, frame: number, depth: Depth): Buffer {
  const values = pattern({ ...shown, frame }, depth);
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** The numbers of the camera's frames, -1 for what is none of its first thousand. */
function numbersOf(frames: readonly Uint8Array[], shown: Shown, depth: Depth): number[] {
  return frames.map((frame) => {
    const candidates = Array.from({ length: 1_000 }, (_, number) => number);
    const start = { ...shown, width: 1, height: 1 };
    const found = candidates.find((number) => {
      const pixel = bytesOf(start, number, depth);
      const isLikely = Buffer.compare(pixel, frame.subarray(0, pixel.length)) === 0;
      return isLikely && Buffer.compare(bytesOf(shown, number, depth), frame) === 0;
    });
    return found ?? -1;
  });
}

const steps = (numbers: readonly number[]) =>
  numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));

const SHOWN = { left: 64, top: 32, width: 320, height: 240, binning: 1 };

let viewer: Viewer;
beforeEach(async () => {
  viewer = await Viewer.of(MONO);
  await viewer.recordToVideos();
  await viewer.set("CCD_STREAM_FRAME", { X: 64, Y: 32, WIDTH: 320, HEIGHT: 240 });
  await viewer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.03 });
});

const begin = (element: string) => viewer.turn("RECORD_STREAM", element, "Busy");
const ended = () => viewer.until(() => viewer.state("RECORD_STREAM") === "Idle");
const end = () => viewer.turn("RECORD_STREAM", "RECORD_OFF", "Idle");

describe("a recording", () => {
  it("of so many frames has them all, as deep as the camera sends them, with their times", async () => {
    await viewer.set("RECORD_OPTIONS", { RECORD_FRAME_TOTAL: 40 });
    const before = Date.now() * 1_000;
    await begin("RECORD_FRAME_ON");
    await ended();
    expect(viewer.observer.values("RECORD_STREAM").RECORD_OFF).toBe("On");
    const [path = ""] = viewer.recordings;
    expect(path).toBe(`${viewer.videos}/video.ser`);
    const file = taken(path);
    expect(file).toMatchObject({ color: 0, width: 320, height: 240, bits: 16 });
    expect(file.texts).toEqual(["", "ZWO CCD ASI290MM Mini", "Telescope Simulator"]);
    expect(file.frames).toHaveLength(40);
    expect(steps(numbersOf(file.frames, SHOWN, 12))).toEqual(Array(39).fill(1));
    expect(file.times).toHaveLength(40);
    expect(file.times[0]).toBeGreaterThan(before);
    const last = (file.times.at(-1) ?? 0) - (file.times[0] ?? 0);
    expect(last / 1_000).toBeGreaterThan(39 * 30 - 100);
    expect(last / 1_000).toBeLessThan(39 * 30 + 5_000);
    expect(Math.min(...steps(file.times))).toBeGreaterThan(0);
    expect(viewer.messages).toContain("[INFO] Starting video record (Frame count): 40.");
    expect(viewer.messages).toContain(`[INFO] Record file is ${path}`);
    expect(viewer.messages.at(-1)).toMatch(/Record Duration: \d+\.\d{3} millisec \/ 40 frames$/);
    expect(viewer.frames).toEqual([]);
  });

  it("is read by Siril, every frame with the values the camera sent", async () => {
    await viewer.set("RECORD_OPTIONS", { RECORD_FRAME_TOTAL: 5 });
    await begin("RECORD_FRAME_ON");
    await ended();
    const [path = ""] = viewer.recordings;
    expect(statisticsBySiril(path)).toEqual(
      taken(path).frames.map((frame) => {
        const values = Array.from(
          { length: frame.length / 2 },
          (_, pixel) => (frame[2 * pixel] ?? 0) + 256 * (frame[2 * pixel + 1] ?? 0),
        );
        // Black counts as no picture with Siril.
        const lit = values.filter((value) => value > 0);
        const mean = lit.reduce((sum, value) => sum + value, 0) / lit.length;
        return {
          mean: expect.closeTo(mean, 0),
          min: values.reduce((least, value) => Math.min(least, value)),
          max: values.reduce((most, value) => Math.max(most, value)),
        };
      }),
    );
  });

  it("of so many seconds lasts as long", async () => {
    await viewer.set("RECORD_OPTIONS", { RECORD_DURATION: 1 });
    await begin("RECORD_DURATION_ON");
    await ended();
    const { frames, times } = taken(viewer.recordings[0] ?? "");
    expect(times).toHaveLength(frames.length);
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.length).toBeLessThan(36);
  });

  it("is closed at once though no frame comes", async () => {
    await viewer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 30 });
    await begin("RECORD_ON");
    const before = performance.now();
    await end();
    expect(performance.now() - before).toBeLessThan(1_500);
    expect(taken(viewer.recordings[0] ?? "").frames).toEqual([]);
    const calls = callsFor(viewer.daemon.rig, 0).map(({ name }) => name);
    expect(calls.lastIndexOf("ASIStopVideoCapture")).toBeGreaterThan(
      calls.lastIndexOf("ASIStartVideoCapture"),
    );
  });

  it("has every frame while few are shown, and ends without the stream", async () => {
    await viewer.set("LIMITS", { LIMITS_PREVIEW_FPS: 5 });
    await viewer.turn("CCD_VIDEO_STREAM", "STREAM_ON", "Busy");
    await viewer.next(1);
    await begin("RECORD_ON");
    await viewer.next(6);
    await end();
    const { frames } = taken(viewer.recordings[0] ?? "");
    expect(frames.length).toBeGreaterThan(15);
    expect(steps(numbersOf(frames, SHOWN, 12))).toEqual(Array(frames.length - 1).fill(1));
    expect(viewer.observer.values("RECORD_STATS")).toEqual({
      FRAMES_RECORDED: `${frames.length}`,
      FRAMES_LEFT_OUT: "0",
    });
    await viewer.next(2);
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it("cannot be disturbed", async () => {
    await begin("RECORD_ON");
    const busy = "[ERROR] Recording device is busy.";
    const refusal = "[ERROR] Cannot change frame, binning, format or flip while recording.";
    expect(await viewer.observer.choose("RECORD_STREAM", "RECORD_FRAME_ON")).toMatchObject({
      state: "Alert",
      message: busy,
    });
    for (const [name, values] of [
      ["RECORD_OPTIONS", { RECORD_DURATION: 3 }],
      ["CCD_STREAM_FRAME", { WIDTH: 100 }],
    ] as const) {
      const answer = await viewer.set(name, values);
      expect(answer).toMatchObject({ state: "Alert", message: busy });
    }
    for (const [name, values] of [
      ["CCD_FRAME", { X: 0, Y: 0, WIDTH: 100, HEIGHT: 100 }],
      ["CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 }],
    ] as const) {
      const answer = await viewer.set(name, values);
      expect(answer).toMatchObject({
        state: "Alert",
        message: refusal,
      });
    }
    const flip = await viewer.observer.choose("FLIP", "FLIP_VERTICAL");
    expect(flip).toMatchObject({ state: "Alert", message: refusal });
    expect(viewer.observer.values("RECORD_STREAM").RECORD_ON).toBe("On");
    await viewer.until(() => Number(viewer.observer.values("RECORD_STATS").FRAMES_RECORDED) > 5);
    await end();
    const { frames } = taken(viewer.recordings[0] ?? "");
    expect(new Set(steps(numbersOf(frames, SHOWN, 12)))).toEqual(new Set([1]));
  });

  it("goes to a file of its own, whose name is no path", async () => {
    for (const _ of [1, 2]) {
      await begin("RECORD_ON");
      await end();
    }
    expect(viewer.recordings).toEqual([
      `${viewer.videos}/video.ser`,
      `${viewer.videos}/video_2.ser`,
    ]);
    const answer = viewer.observer.answer("RECORD_FILE");
    const { client, device } = viewer.observer;
    client.newTexts(device, "RECORD_FILE", { RECORD_FILE_NAME: "../video" });
    expect(await answer).toMatchObject({ state: "Alert" });
    expect(viewer.observer.values("RECORD_FILE").RECORD_FILE_NAME).toBe("video");
  });

  it("ends with an Alert and a readable file when the disk takes no more; the stream goes on", async () => {
    await viewer.turn("CCD_VIDEO_STREAM", "STREAM_ON", "Busy");
    await viewer.next(1);
    const pid = `${cameraProcess(viewer.daemon.rig, 0)}`;
    execFileSync("prlimit", ["--pid", pid, "--fsize=1700000"]);
    await begin("RECORD_ON");
    await viewer.until(() => viewer.state("RECORD_STREAM") === "Alert");
    const [path = ""] = viewer.recordings;
    expect(viewer.messages).toContain(`[ERROR] ${path}: the file has reached its largest size.`);
    expect(viewer.observer.values("RECORD_STREAM").RECORD_OFF).toBe("On");
    const { frames } = taken(path);
    expect(frames).toHaveLength(11);
    expect(steps(numbersOf(frames, SHOWN, 12))).toEqual(Array(10).fill(1));
    await viewer.next(2);
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it("says so when its folder cannot be made", async () => {
    const { client, device } = viewer.observer;
    const answer = viewer.observer.answer("RECORD_FILE");
    const file = join(viewer.daemon.rig.home, "file");
    writeFileSync(file, "");
    client.newTexts(device, "RECORD_FILE", { RECORD_FILE_DIR: `${file}/videos` });
    await answer;
    await viewer.turn("RECORD_STREAM", "RECORD_ON", "Alert");
    expect(viewer.messages.at(-1)).toContain(`[ERROR] ${file}/videos/video.ser: `);
    expect((await viewer.observer.expose()).format).toBe(".fits");
  });

  it("keeps the frames it has when the camera's process dies", async () => {
    await begin("RECORD_ON");
    await viewer.until(() => Number(viewer.observer.values("RECORD_STATS").FRAMES_RECORDED) > 50);
    viewer.daemon.rig.steer("crash", "ASIGetVideoData");
    await viewer.until(() => viewer.state("RECORD_STREAM") === "Alert");
    const { frames } = taken(viewer.recordings[0] ?? "");
    expect(frames.length).toBeGreaterThan(20);
    expect(steps(numbersOf(frames, SHOWN, 12))).toEqual(Array(frames.length - 1).fill(1));
  });

  it("is complete when the connection ends", async () => {
    await begin("RECORD_ON");
    await viewer.until(() => Number(viewer.observer.values("RECORD_STATS").FRAMES_RECORDED) > 5);
    await viewer.observer.choose("CONNECTION", "DISCONNECT");
    const { frames, times } = taken(viewer.recordings[0] ?? "");
    expect(frames.length).toBeGreaterThan(5);
    expect(times).toHaveLength(frames.length);
  });
});

it("records colour as it comes from the camera, and mosaics with their pattern", async () => {
  const colour = await Viewer.of("ASI178MC");
  await colour.recordToVideos();
  await colour.set("RECORD_OPTIONS", { RECORD_FRAME_TOTAL: 2 });
  const frame = { X: 33, Y: 16, WIDTH: 80, HEIGHT: 60 };
  await colour.set("CCD_FRAME", frame);
  const idle = () => colour.until(() => colour.state("RECORD_STREAM") === "Idle");
  await colour.turn("RECORD_STREAM", "RECORD_FRAME_ON", "Busy");
  await idle();
  await colour.observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RGB24");
  await colour.turn("RECORD_STREAM", "RECORD_FRAME_ON", "Busy");
  await idle();
  const [mosaic, bgr] = colour.recordings.map(taken);
  // RGGB from an odd column on.
  expect(mosaic).toMatchObject({ color: 9, bits: 16, width: 80, height: 60 });
  const shown = { left: 33, top: 16, width: 80, height: 60, binning: 1 };
  expect(numbersOf(mosaic?.frames ?? [], shown, 14)).toEqual([0, 1]);
  expect(bgr).toMatchObject({ color: 101, bits: 8, width: 80, height: 60 });
  expect(bgr?.frames[0]?.[1]).toBe(((bgr?.frames[0]?.[0] ?? 0) + 85) % 256);
});
