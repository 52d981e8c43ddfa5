import { describe, expect, it } from "vitest";
import { CameraFailure } from "../../src/camera/errors.js";
import { SdkQueue } from "../../src/camera/sdk-queue.js";
import { runVideo, type VideoHardware, type VideoSink } from "../../src/camera/video.js";

const START = Date.UTC(2026, 10, 20);

/** A camera whose video can be made to fail, with a clock that only its waits and frames move. */
class Stage {
  readonly calls: string[] = [];
  readonly told: string[] = [];
  readonly end = new AbortController();
  /** Decides about each wait for a frame; the clock moves by that many milliseconds first. */
  frame: (wait: number) => { after: number; fails?: string } = () => ({ after: 10 });
  seconds = 0.01;
  isAutomatic = false;
  /** What the camera has made of the exposure time by itself, in microseconds. */
  adjusted = 0;
  frames = 0;
  dropped = 0;
  now = 0;

  async run(): Promise<void> {
    const hardware: VideoHardware = {
      sdk: new SdkQueue(),
      clock: {
        now: () => this.now,
        timeOfDay: () => START + this.now,
        sleep: async (milliseconds) => {
          this.now += milliseconds;
        },
      },
      asi: {
        getControlValue: async () => ({ value: this.adjusted, auto: true }),
        setControlValue: async (_, value, auto) =>
          void this.calls.push(`exposure ${value}${auto ? " auto" : ""}`),
        startVideoCapture: async () => void this.calls.push("start"),
        stopVideoCapture: async () => void this.calls.push("stop"),
        getDroppedFrames: async () => this.dropped,
        getVideoData: async (memory, wait) => {
          const { after, fails } = this.frame(wait);
          this.now += after;
          if (fails !== undefined) {
            const removed = fails === "ASI_ERROR_CAMERA_REMOVED";
            throw new CameraFailure(`It failed (${fails}).`, { codeName: fails, removed });
          }
          memory[0] = ++this.frames;
        },
      },
    };
    const stage = this;
    const memory = new Uint8Array(8);
    const sink: VideoSink = {
      get seconds() {
        return stage.seconds;
      },
      get isAutomatic() {
        return stage.isAutomatic;
      },
      next: () => memory,
      onFrame: (time) => void this.told.push(`frame ${memory[0]} at ${time - START}`),
      onHeartbeat: (dropped, seconds) =>
        void this.told.push(`alive, ${dropped} lost${this.isAutomatic ? `, ${seconds} s` : ""}`),
      onRestart: (reason) => void this.told.push(`restart: ${reason}`),
    };
    await runVideo(hardware, sink, () => {}, this.end.signal);
  }
}

const ANOTHER = { after: 10, fails: "ASI_ERROR_TIMEOUT" };

describe("a video", () => {
  it("delivers each frame with the time it came, until it is stopped", async () => {
    const stage = new Stage();
    stage.frame = () => {
      if (stage.frames === 2) stage.end.abort();
      return { after: 10 };
    };
    await stage.run();
    expect(stage.calls).toEqual(["exposure 10000", "start", "stop"]);
    expect(stage.told).toEqual([
      "frame 1 at 10",
      "alive, 0 lost",
      "frame 2 at 20",
      "frame 3 at 30",
    ]);
  });

  it.each([
    [0.000_032, 5],
    [0.02, 20],
    [60, 50],
  ])("of %f s waits for a frame %i ms at a time", async (seconds, expected) => {
    const stage = new Stage();
    stage.seconds = seconds;
    stage.frame = (wait) => {
      expect(wait).toBe(expected);
      stage.end.abort();
      return ANOTHER;
    };
    await stage.run();
  });

  it("sets another exposure time while it runs", async () => {
    const stage = new Stage();
    stage.frame = () => {
      if (stage.frames === 1) stage.seconds = 0.5;
      if (stage.frames === 3) stage.end.abort();
      return { after: 10 };
    };
    await stage.run();
    expect(stage.calls).toEqual(["exposure 10000", "start", "exposure 500000", "stop"]);
  });

  it("lets the camera adjust the time, tells what it makes of it, and waits as long as that takes", async () => {
    const stage = new Stage();
    stage.isAutomatic = true;
    stage.adjusted = 2_000_000;
    stage.frame = (wait) => {
      if (stage.now > 4_000) stage.end.abort();
      return { after: wait, fails: "ASI_ERROR_TIMEOUT" };
    };
    await stage.run();
    expect(stage.calls).toEqual(["exposure 10000 auto", "start", "stop"]);
    expect(new Set(stage.told)).toEqual(new Set(["alive, 0 lost, 2 s"]));
  });

  it("takes the time over from the camera when that is to stay", async () => {
    const stage = new Stage();
    stage.isAutomatic = true;
    stage.adjusted = 20_000;
    stage.frame = () => {
      if (stage.frames === 1) stage.isAutomatic = false;
      if (stage.frames === 1) stage.seconds = 0.02;
      if (stage.frames === 3) stage.end.abort();
      return { after: 10 };
    };
    await stage.run();
    expect(stage.calls).toEqual(["exposure 10000 auto", "start", "exposure 20000", "stop"]);
  });

  it("does not wait for the end of a long exposure when another time is wanted", async () => {
    const stage = new Stage();
    stage.seconds = 30;
    stage.frame = () => {
      if (stage.seconds === 0.1) stage.end.abort();
      stage.seconds = 0.1;
      return ANOTHER;
    };
    await stage.run();
    const restart = ["exposure 30000000", "start", "stop", "exposure 100000", "start", "stop"];
    expect(stage.calls).toEqual(restart);
    expect(stage.told.filter((line) => line.startsWith("restart"))).toEqual([]);
  });

  it("is alive several times a second though its frames take long", async () => {
    const stage = new Stage();
    stage.seconds = 60;
    stage.dropped = 3;
    stage.frame = (wait) => {
      if (stage.now > 1_900) stage.end.abort();
      return { after: wait, fails: "ASI_ERROR_TIMEOUT" };
    };
    await stage.run();
    expect(stage.told).toEqual(Array(5).fill("alive, 3 lost"));
  });

  it("is started again when no frame comes for three exposures and what a transfer may take", async () => {
    const stage = new Stage();
    stage.seconds = 1;
    stage.frame = (wait) => {
      if (stage.now > 8_100) {
        stage.end.abort();
        return { after: 1 };
      }
      return { after: wait, fails: "ASI_ERROR_TIMEOUT" };
    };
    await stage.run();
    expect(stage.told.filter((line) => !line.startsWith("alive"))).toEqual([
      "restart: The camera sent no frame for 8.0 s.",
      "frame 1 at 8201",
    ]);
    expect(stage.calls.slice(2)).toEqual(["stop", "exposure 1000000", "start", "stop"]);
  });

  it("fails when it does not come to life by the third restart", async () => {
    const stage = new Stage();
    stage.frame = (wait) => ({ after: wait, fails: "ASI_ERROR_TIMEOUT" });
    await expect(stage.run()).rejects.toThrow("The camera sent no frame for 5.0 s.");
    expect(stage.calls.filter((call) => call === "start")).toHaveLength(4);
    expect(stage.calls.at(-1)).toBe("stop");
  });

  it("has three restarts again after each frame", async () => {
    const stage = new Stage();
    let waits = 0;
    stage.frame = () => {
      if (stage.frames === 4) stage.end.abort();
      return waits++ % 3 === 2 ? { after: 10 } : { after: 10, fails: "ASI_ERROR_GENERAL_ERROR" };
    };
    await stage.run();
    expect(stage.told.filter((line) => line.startsWith("restart"))).toHaveLength(8);
    expect(stage.frames).toBe(4);
  });

  it("counts what was lost before a restart too", async () => {
    const stage = new Stage();
    stage.dropped = 7;
    stage.frame = () => {
      if (stage.now > 1_000) stage.end.abort();
      const fails = stage.now > 500 && stage.now < 512;
      return fails ? { after: 10, fails: "ASI_ERROR_GENERAL_ERROR" } : { after: 10 };
    };
    await stage.run();
    const heartbeats = stage.told.filter((line) => line.startsWith("alive"));
    expect(heartbeats.at(0)).toBe("alive, 7 lost");
    expect(heartbeats.at(-1)).toBe("alive, 14 lost");
  });

  it("ends at once when the camera is gone", async () => {
    const stage = new Stage();
    stage.frame = () => ({ after: 1, fails: "ASI_ERROR_CAMERA_REMOVED" });
    await expect(stage.run()).rejects.toMatchObject({ removed: true });
    expect(stage.calls).toEqual(["exposure 10000", "start", "stop"]);
  });
});
