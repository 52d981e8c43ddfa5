import { homedir } from "node:os";
import { expect, test } from "vitest";
import type { VideoGeometry } from "../../src/camera/camera.js";
import { systemClock } from "../../src/camera/clock.js";
import { MemoryBudget } from "../../src/camera/memory-budget.js";
import { Activity } from "../../src/camera/process/activity.js";
import { CameraCounters } from "../../src/camera/process/counters.js";
import type { RecordingNews } from "../../src/camera/process/messages.js";
import { RemoteVideo, type VideoListener } from "../../src/camera/process/remote-video.js";
import type { Recording, RecordingPlan } from "../../src/camera/recorder.js";
import { recording } from "../../src/ccd/recording.js";
import { Video, type VideoOptions } from "../../src/ccd/video.js";
import { filesIn } from "../support/files.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";
import { eventually } from "../support/steering.js";

const GEOMETRY: VideoGeometry = {
  roi: { left: 0, top: 0, width: 8, height: 2 },
  binning: 1,
  format: "RAW8",
  flip: { horizontal: false, vertical: false },
  bytes: 16,
};

/** A video whose recordings lose a frame each time they report, a hundred times. */
class VideoToSlowDisk extends RemoteVideo {
  constructor() {
    super(
      () => Promise.reject(new Error("There is no camera.")),
      new Activity(),
      new CameraCounters(),
      { memory: new MemoryBudget(), frameBytes: () => 16 },
      8_000,
    );
  }

  override run(_args: unknown, { onNews }: VideoListener, signal: AbortSignal): Promise<void> {
    onNews({ kind: "started", layout: { cells: 2, cellBytes: 16 }, geometry: GEOMETRY });
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve());
    });
  }

  override async record(
    _plan: RecordingPlan,
    onNews: (news: RecordingNews) => void,
  ): Promise<Recording> {
    for (let dropped = 1; dropped <= 100; dropped++) {
      onNews({ kind: "progress", progress: { frames: 1, dropped } });
    }
    return { path: "/video.ser", frames: 1, dropped: 100, milliseconds: 1_000 };
  }
}

test("a slow disk is one warning for a recording, however many frames it costs; their number is told", async () => {
  const messages: string[] = [];
  const device = new RecordedDevice();
  device.onConnect((connection) => {
    const remote = new VideoToSlowDisk();
    const options: VideoOptions = {
      seconds: 0.1,
      isAutomatic: false,
      divisor: 1,
      preview: { depth: 8, encoding: "raw", framesPerSecond: 10 },
      part: GEOMETRY.roi,
      bufferBytes: 1_000,
    };
    const noRecovery = { recover: async () => false, proved: () => undefined };
    const video = new Video(
      remote,
      () => options,
      () => noRecovery,
    );
    recording(connection, remote, video, {
      clock: systemClock,
      files: filesIn(homedir()),
      pattern: () => undefined,
      names: () => ({ observer: "", instrument: "", telescope: "" }),
      filter: () => "",
      message: (text, level = "info") => void messages.push(`${level}: ${text}`),
    });
  });
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  await settle();
  device.ask("Switch", "RECORD_STREAM", { RECORD_ON: "On" });
  await eventually("the recording has ended", () => messages.at(-1)?.includes("Duration") === true);
  expect(messages).toEqual([
    "info: Starting video record.",
    "warning: The disk is too slow for the video: frames are left out.",
    "info: Record Duration: 1000.000 millisec / 1 frames, 100 left out",
  ]);
  expect(device.told()).toContain("RECORD_STATS Idle FRAMES_RECORDED=1,FRAMES_LEFT_OUT=100");
});
