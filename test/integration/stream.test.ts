import { execFileSync } from "node:child_process";
import { inflateSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { OneBlob } from "../../src/indi/messages.js";
import { Conversation } from "../support/conversation.js";
import { callsFor, eventually } from "../support/steering.js";
import { type Depth, pattern } from "./pattern.js";
import { Viewer } from "./video-rig.js";

const MONO = "ASI290MM Mini";
const WHOLE = { left: 0, top: 0, width: 1936, height: 1096, binning: 1 };

type Shown = typeof WHOLE;

/** The pattern of a frame as it is streamed: colour interleaved, 16 bits little-endian. */
function streamed(shown: Shown, frame: number, depth: Depth): Buffer {
  const values = pattern({ ...shown, frame }, depth);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (depth !== "RGB24") return bytes;
  const size = bytes.length / 3;
  return Buffer.from(bytes.map((_, at) => bytes[(at % 3) * size + Math.floor(at / 3)] ?? 0));
}

/** Which of the camera's frames this is; -1 if it is none of the first 3000. */
function numberOf({ data }: OneBlob, shown: Shown, depth: Depth = 8): number {
  const start = { ...shown, width: 1, height: 1 };
  for (let frame = 0; frame < 3_000; frame++) {
    const pixel = streamed(start, frame, depth);
    if (Buffer.compare(pixel, data.subarray(0, pixel.length)) !== 0) continue;
    if (Buffer.compare(streamed(shown, frame, depth), data) === 0) return frame;
  }
  return -1;
}

const steps = (numbers: readonly number[]) =>
  numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));

/** Fails unless frames came in order and hardly one was left out: a busy machine may cost a few. */
function expectInOrder(frames: readonly OneBlob[], shown: Shown): void {
  const distances = steps(frames.map((frame) => numberOf(frame, shown)));
  expect(Math.min(...distances)).toBeGreaterThan(0);
  const next = distances.filter((distance) => distance === 1);
  expect(next.length).toBeGreaterThan(0.7 * distances.length);
}

/** A frame of 8 bits with each row turned round. */
function turned(frame: OneBlob, width: number): OneBlob {
  const rows = Array.from({ length: frame.data.length / width }, (_, row) =>
    Buffer.from(frame.data.subarray(row * width, (row + 1) * width)).reverse(),
  );
  return { ...frame, data: Buffer.concat(rows) };
}

/** A viewer of a small fast stream of 8 bits. */
async function small(
  seconds: number,
  previews = 10_000,
): Promise<{ viewer: Viewer; shown: Shown }> {
  const viewer = await Viewer.of(MONO);
  await viewer.observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8");
  await viewer.set("CCD_STREAM_FRAME", { X: 64, Y: 32, WIDTH: 320, HEIGHT: 240 });
  await viewer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: seconds });
  await viewer.set("LIMITS", { LIMITS_PREVIEW_FPS: previews });
  return { viewer, shown: { left: 64, top: 32, width: 320, height: 240, binning: 1 } };
}

const start = (viewer: Viewer) => viewer.turn("CCD_VIDEO_STREAM", "STREAM_ON", "Busy");
const stop = (viewer: Viewer) => viewer.turn("CCD_VIDEO_STREAM", "STREAM_OFF", "Idle");

describe("the stream", () => {
  it("sends every frame of the camera, in order and exact, until it is stopped", async () => {
    const { viewer, shown } = await small(0.03);
    await start(viewer);
    const frames = await viewer.next(25);
    expect(new Set(frames.map(({ format }) => format))).toEqual(new Set([".stream"]));
    expectInOrder(frames, shown);
    expect(viewer.messages).toContain(
      "[INFO] Starting the video stream with target exposure 0.030000 s (Max theoretical FPS 33)",
    );
    await stop(viewer);
    const count = viewer.frames.length;
    await viewer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.1 });
    expect(viewer.frames.length).toBe(count);
    const calls = callsFor(viewer.daemon.rig, 0).map(({ name }) => name);
    expect(calls.filter((name) => name === "ASIStartVideoCapture")).toHaveLength(1);
    expect(calls.lastIndexOf("ASIStopVideoCapture")).toBeGreaterThan(
      calls.lastIndexOf("ASIGetVideoData"),
    );
  });

  it("tells how fast frames come and how many there were", async () => {
    const { viewer } = await small(0.05);
    await start(viewer);
    await viewer.until(() => Number(viewer.observer.values("STREAM_STATS").FRAME_NUMBER) > 40);
    // A busy machine may be slow at any one moment, but not at all.
    await viewer.until(() => Number(viewer.observer.values("FPS").AVG_FPS) > 8);
    const { EST_FPS, AVG_FPS } = viewer.observer.values("FPS");
    expect(Number(EST_FPS)).toBeGreaterThan(1);
    expect(Number(AVG_FPS)).toBeLessThan(25);
    expect(Number(viewer.observer.values("STREAM_DELAY").STREAM_DELAY_TIME)).toBeLessThan(0.5);
    await stop(viewer);
    expect(viewer.state("FPS")).toBe("Idle");
  });

  it("keeps every third frame with a divisor of three", async () => {
    const { viewer, shown } = await small(0.03);
    await viewer.set("STREAMING_EXPOSURE", { STREAMING_DIVISOR_VALUE: 3 });
    await start(viewer);
    const frames = await viewer.next(10);
    const distances = steps(frames.map((frame) => numberOf(frame, shown)));
    expect(distances.map((distance) => distance % 3)).toEqual(Array(9).fill(0));
    expect(Math.min(...distances)).toBe(3);
  });

  it("shows no more than the preview limit", async () => {
    const { viewer, shown } = await small(0.01, 10);
    await start(viewer);
    const [first] = await viewer.next(1);
    const before = performance.now();
    const frames = await viewer.next(12);
    expect(performance.now() - before).toBeGreaterThan(1_050);
    expect(first && numberOf(frames.at(-1) ?? first, shown)).toBeGreaterThan(36);
  });

  it("follows frame and binning while it runs, and the exposure after it has the whole frame", async () => {
    const { viewer, shown } = await small(0.02);
    await start(viewer);
    await viewer.next(1);
    await viewer.set("CCD_STREAM_FRAME", { X: 101, Y: 50, WIDTH: 333, HEIGHT: 201 });
    const [moved] = await viewer.next(1);
    const there = { ...shown, left: 101, top: 50, width: 333, height: 201 };
    expect(moved && numberOf(moved, there)).toBeGreaterThan(0);
    await viewer.set("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
    expect(viewer.observer.values("CCD_STREAM_FRAME")).toEqual({
      X: "0",
      Y: "0",
      WIDTH: "968",
      HEIGHT: "548",
    });
    const [binned] = await viewer.next(1);
    const whole = { left: 0, top: 0, width: 968, height: 548, binning: 2 };
    expect(binned && numberOf(binned, whole)).toBeGreaterThan(0);
    await viewer.set("CCD_STREAM_FRAME", { X: 16, Y: 16, WIDTH: 64, HEIGHT: 64 });
    await stop(viewer);
    const picture = await viewer.observer.expose();
    const { width, height } = readFits(picture.data);
    expect({ width, height }).toEqual({ width: 968, height: 548 });
  });

  it("lets the camera read no more than the part that is streamed", async () => {
    const { viewer } = await small(0.02);
    await start(viewer);
    const calls = callsFor(viewer.daemon.rig, 0);
    const roi = calls.findLast(({ name }) => name === "ASISetROIFormat");
    expect(roi?.args.slice(0, 2)).toEqual(["320", "240"]);
  });

  it("shows 16 bits as 8, or as they are when asked to", async () => {
    const viewer = await Viewer.of(MONO);
    await viewer.set("CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 });
    await start(viewer);
    const [shallow] = await viewer.next(1);
    expect(shallow?.data.length).toBe(320 * 240);
    await viewer.observer.choose("STREAM_FULL_DEPTH", "FULL_DEPTH_16BIT");
    await viewer.until(() => viewer.frames.at(-1)?.data.length === 2 * 320 * 240);
    const [deep] = await viewer.next(1);
    expect(deep && numberOf(deep, { ...WHOLE, width: 320, height: 240 }, 12)).toBeGreaterThan(0);
  });

  it("sends colour as red, green and blue, and the mosaic with its phase kept", async () => {
    const viewer = await Viewer.of("ASI178MC");
    await viewer.observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RGB24");
    await viewer.set("CCD_STREAM_FRAME", { X: 11, Y: 20, WIDTH: 64, HEIGHT: 48 });
    await start(viewer);
    const [colour] = await viewer.next(1);
    const shown = { left: 11, top: 20, width: 64, height: 48, binning: 1 };
    expect(colour && numberOf(colour, shown, "RGB24")).toBeGreaterThanOrEqual(0);
    await stop(viewer);
    await viewer.observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8");
    await viewer.set("CCD_STREAM_FRAME", { X: 11, Y: 21, WIDTH: 64, HEIGHT: 48 });
    expect(viewer.observer.values("CCD_STREAM_FRAME")).toMatchObject({ X: "10", Y: "20" });
  });

  it("sends JPEGs that another decoder reads", async () => {
    const { viewer } = await small(0.02);
    await viewer.observer.choose("CCD_STREAM_ENCODER", "MJPEG");
    await start(viewer);
    const frames = await viewer.next(3);
    expect(frames.map(({ format }) => format)).toEqual(Array(3).fill(".stream_jpg"));
    for (const { data, size } of frames) {
      expect(size).toBe(data.length);
      const pnm = execFileSync("djpeg", { input: data }).toString("latin1", 0, 15);
      expect(pnm).toBe("P5\n320 240\n255\n");
    }
  });

  it("takes another exposure time at once, and other controls too", async () => {
    const { viewer } = await small(30);
    await start(viewer);
    await viewer.set("STREAMING_EXPOSURE", { STREAMING_EXPOSURE_VALUE: 0.02 });
    await viewer.next(3);
    await viewer.set("CCD_CONTROLS", { Gain: 123 });
    await viewer.next(3);
    expect(viewer.observer.values("CCD_CONTROLS").Gain).toBe("123");
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it("refuses what cannot be done beside it, and goes on", async () => {
    const { viewer } = await small(0.02);
    await start(viewer);
    const exposure = await viewer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(exposure).toMatchObject({
      state: "Alert",
      message: "[ERROR] Stop the video before you take an exposure.",
    });
    const format = await viewer.observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16");
    expect(format).toMatchObject({
      state: "Alert",
      message: "[ERROR] Cannot change format while streaming/recording.",
    });
    await start(viewer);
    await viewer.next(3);
    const starts = callsFor(viewer.daemon.rig, 0).filter(
      ({ name }) => name === "ASIStartVideoCapture",
    );
    expect(starts).toHaveLength(1);
  });

  it("goes on mirrored, showing the same part of the picture as clients see it", async () => {
    const { viewer, shown } = await small(0.02);
    await start(viewer);
    const first = await viewer.next(3);
    expectInOrder(first, shown);
    await viewer.observer.choose("FLIP", "FLIP_HORIZONTAL");
    const [mirrored] = await viewer.next(1);
    const there = { ...shown, left: WHOLE.width - shown.left - shown.width };
    expect(mirrored && numberOf(turned(mirrored, shown.width), there)).toBeGreaterThan(0);
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it("is deflated from when clients want compression", async () => {
    const { viewer, shown } = await small(0.05);
    await start(viewer);
    await viewer.next(1);
    await viewer.observer.choose("CCD_COMPRESSION", "INDI_ENABLED");
    await expect.poll(async () => (await viewer.next(1))[0]?.format).toBe(".stream.z");
    const [frame] = await viewer.next(1);
    expect(frame).toMatchObject({ format: ".stream.z", size: shown.width * shown.height });
    expect(inflateSync(frame?.data ?? "").length).toBe(shown.width * shown.height);
  });

  it("is refused while a series of exposures runs, which goes on", async () => {
    const { viewer } = await small(0.02);
    const { client, device } = viewer.observer;
    await viewer.observer.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
    await viewer.set("CCD_FAST_COUNT", { FRAMES: 1000 });
    client.newNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.2 });
    await viewer.next(2);
    const answer = await viewer.observer.choose("CCD_VIDEO_STREAM", "STREAM_ON");
    expect(answer).toMatchObject({
      state: "Alert",
      message: "[ERROR] A series of exposures is running. End it first.",
    });
    await viewer.next(2);
    expect(viewer.observer.values("CAMERA_STATE").ERROR).toBe("Idle");
    client.newSwitches(device, "CCD_ABORT_EXPOSURE", { ABORT: true });
    await viewer.until(() => viewer.state("CCD_EXPOSURE") === "Idle");
    await start(viewer);
    await viewer.next(2);
  });

  it("is refused while an exposure runs", async () => {
    const { viewer } = await small(0.02);
    const { client, device } = viewer.observer;
    client.newNumbers(device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 30 });
    await viewer.until(() => viewer.state("CCD_EXPOSURE") === "Busy");
    const answer = await viewer.observer.choose("CCD_VIDEO_STREAM", "STREAM_ON");
    expect(answer).toMatchObject({
      state: "Alert",
      message: "[ERROR] An exposure is running. End it first.",
    });
    expect(viewer.observer.values("CCD_VIDEO_STREAM").STREAM_OFF).toBe("On");
  });

  it("lets a slow client miss frames but not the latest, and others none", async () => {
    const { viewer } = await small(0.05);
    await viewer.set("CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: 1936, HEIGHT: 1096 });
    const slow = await Conversation.connect(viewer.daemon.port);
    onTestFinished(() => slow.close());
    slow.send('<getProperties version="1.7"/><enableBLOB>Also</enableBLOB>');
    await slow.expect("defSwitchVector", { name: "CONNECTION" });
    slow.pause();
    await start(viewer);
    const frames = await viewer.next(40);
    expectInOrder(frames, WHOLE);
    await stop(viewer);
    slow.resume();
    const heard = (await slow.hearAll()).filter(({ tag }) => tag === "setBLOBVector");
    expect(heard.length).toBeLessThan(20);
    const latest = Buffer.from(heard.at(-1)?.children[0]?.data ?? []);
    expect(Buffer.compare(latest, viewer.frames.at(-1)?.data ?? latest.subarray(1))).toBe(0);
  });
});

describe("a stream that goes wrong", () => {
  it("fails with Alert when the camera does not start it, whatever is tried", async () => {
    const { viewer } = await small(0.02);
    viewer.daemon.rig.steer("fail", "ASIStartVideoCapture", "16", "1000");
    await viewer.turn("CCD_VIDEO_STREAM", "STREAM_ON", "Alert");
    viewer.daemon.rig.steer("clear");
    expect(viewer.observer.values("CCD_VIDEO_STREAM").STREAM_OFF).toBe("On");
    await start(viewer);
    await viewer.next(2);
  });

  it("is started again with a message when it stands still", async () => {
    const { viewer, shown } = await small(0.02);
    await start(viewer);
    await viewer.next(2);
    viewer.daemon.rig.steer("fail", "ASIGetVideoData", "11", "1000000");
    await viewer.until(() =>
      viewer.messages.some((text) => /sent no frame for 5\.\d s/.test(text)),
    );
    viewer.daemon.rig.steer("clear");
    const [frame] = await viewer.next(1);
    expect(frame && numberOf(frame, shown)).toBeGreaterThan(0);
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it.each([
    ["crashes", ["crash", "ASIGetVideoData"]],
    ["hangs in a call", ["hang", "ASIGetVideoData", "60000"]],
  ])("goes on in a new process when the vendor library %s", async (_, fault) => {
    const { viewer, shown } = await small(0.02);
    await start(viewer);
    await viewer.until(() => Number(viewer.observer.values("STREAM_STATS").FRAME_NUMBER) > 0);
    viewer.daemon.rig.steer(...fault);
    await viewer.until(() => viewer.messages.some((text) => /works again/.test(text)));
    const frames = await viewer.next(3);
    expect(Math.min(...steps(frames.map((frame) => numberOf(frame, shown))))).toBeGreaterThan(0);
    expect(viewer.state("CCD_VIDEO_STREAM")).toBe("Busy");
  });

  it("ends when the camera is unplugged", async () => {
    const { viewer } = await small(0.02);
    await start(viewer);
    await viewer.next(2);
    viewer.daemon.rig.steer("unplug");
    await viewer.until(() => viewer.state("CONNECTION") === "Alert");
    expect(viewer.state("CCD_VIDEO_STREAM")).toBeUndefined();
  });

  it("ends with the connection and leaves nothing behind", async () => {
    const { viewer } = await small(0.02);
    await start(viewer);
    await viewer.next(2);
    await viewer.observer.choose("CONNECTION", "DISCONNECT");
    await eventually("the camera is closed", () =>
      callsFor(viewer.daemon.rig, 0).some(({ name }) => name === "ASICloseCamera"),
    );
    await viewer.observer.connect();
    await start(viewer);
    await viewer.next(2);
  });
});
