import { closeSync, openSync } from "node:fs";
import { mapMemory, resizeMemory, unmapMemory } from "../../posix/index.js";
import type { Camera, VideoGeometry } from "../camera.js";
import type { Clock } from "../clock.js";
import { CameraFailure, CameraRequestError } from "../errors.js";
import { FrameRateMeter } from "../frame-rate.js";
import { Divider } from "../pace.js";
import { frameBytes } from "../pixel-format.js";
import { Recorder, type Recording, type RecordingPlan } from "../recorder.js";
import type { VideoSink } from "../video.js";
import { FrameRing, ringBytes, ringLayout } from "./frame-ring.js";
import type { CameraRequests, RecordingNews, VideoNews, VideoSettings } from "./messages.js";
import { PreviewLine } from "./preview-line.js";

/*
 * A running video in the camera process:
 *
 *   vendor library ─▶ cell of the ring ─▶ every divisor-th ─┬─▶ recorder ─▶ SER file
 *                                                           └─▶ preview line ─▶ daemon, told the cell's number
 *
 * A cell is held by all who need its frame and is filled again when the last one has let go. Nobody waits
 * for anybody: where no cell is free, or somebody is behind, the frame is left out and counted.
 */

/** Cells that frames waiting for the disk leave to the camera and to previews. */
const KEPT_FROM_RECORDER = 4;

/** A video that runs: the ring it is read into, and who looks on. */
interface Running {
  readonly memory: Uint8Array;
  readonly ring: FrameRing;
  readonly geometry: VideoGeometry;
  readonly meter: FrameRateMeter;
  readonly previews: PreviewLine;
}

/** One video from its start to its end, with whoever looks on and whatever is recorded of it. */
export class VideoSession {
  readonly #args: CameraRequests["video"]["args"];
  readonly #clock: Clock;
  readonly #news: (news: VideoNews) => void;
  readonly #divider = new Divider();
  readonly #failing = new AbortController();
  #settings: VideoSettings;
  #ended: Promise<void> = Promise.resolve();
  #running: Running | undefined;
  /** The cell the camera fills. */
  #filling = 0;
  #recording: Promise<Recording> | undefined;
  #recorder: Recorder | undefined;

  constructor(
    args: CameraRequests["video"]["args"],
    clock: Clock,
    news: (news: VideoNews) => void,
  ) {
    this.#args = args;
    this.#settings = args.settings;
    this.#clock = clock;
    this.#news = news;
  }

  /** Changes how frames are taken and shown from now on. */
  adjust(settings: VideoSettings): void {
    this.#settings = settings;
  }

  /** Runs until `signal` aborts; when this settles nobody here touches the shared memory any more. */
  run(camera: Camera, signal: AbortSignal): Promise<void> {
    this.#ended = this.#run(camera, signal);
    return this.#ended;
  }

  /** Ends the video, and a recording of it, for that reason. */
  async end(reason: string): Promise<void> {
    this.#failing.abort(new CameraFailure(reason));
    await this.#ended.catch(() => undefined);
  }

  async #run(camera: Camera, signal: AbortSignal): Promise<void> {
    const end = AbortSignal.any([signal, this.#failing.signal]);
    let failure: unknown = new CameraFailure("The video has ended.");
    try {
      await camera.video(this.#args.part, (geometry) => this.#open(geometry), end);
      this.#failing.signal.throwIfAborted();
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      await this.#close(failure);
    }
  }

  /** Records until the plan is met or `signal` aborts; rejects where the video ends before. */
  async record(
    plan: RecordingPlan,
    news: (news: RecordingNews) => void,
    signal: AbortSignal,
  ): Promise<Recording> {
    if (this.#running === undefined) throw new CameraRequestError("No video is running.");
    if (this.#recording !== undefined) throw new CameraRequestError("A recording is running.");
    this.#recording = this.#record(this.#running, plan, news, signal);
    try {
      return await this.#recording;
    } finally {
      this.#recording = undefined;
    }
  }

  async #record(
    { ring, geometry }: Running,
    plan: RecordingPlan,
    news: (news: RecordingNews) => void,
    signal: AbortSignal,
  ): Promise<Recording> {
    const capacity = ring.cells - KEPT_FROM_RECORDER;
    const recorder = await Recorder.start(plan, geometry, this.#clock, capacity, (progress) =>
      news({ kind: "progress", progress }),
    );
    news({ kind: "opened", path: recorder.path });
    this.#recorder = recorder;
    const stop = () => recorder.stop();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted || this.#running === undefined) stop();
    try {
      return await recorder.ended;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#recorder = undefined;
    }
  }

  #open(geometry: VideoGeometry): VideoSink {
    const layout = ringLayout(geometry.bytes, this.#args.bufferBytes);
    const memory = this.#share(ringBytes(layout));
    const ring = new FrameRing(memory, layout);
    const running: Running = {
      memory,
      ring,
      geometry,
      meter: new FrameRateMeter(this.#clock.now()),
      previews: new PreviewLine({
        ring,
        geometry,
        clock: this.#clock,
        offer: this.#news,
        onFailure: (error) => this.#failing.abort(error),
      }),
    };
    this.#running = running;
    this.#filling = ring.take("camera") ?? 0;
    this.#news({ kind: "started", layout, geometry });
    return this.#sink(running);
  }

  /** Gives the daemon's memory its size and maps it. */
  #share(bytes: number): Uint8Array {
    const fd = openSync(`/proc/${process.ppid}/fd/${this.#args.memory}`, "r+");
    try {
      resizeMemory(fd, bytes);
      return mapMemory(fd, bytes);
    } finally {
      closeSync(fd);
    }
  }

  #sink(running: Running): VideoSink {
    const { ring, geometry, meter } = running;
    const settings = () => this.#settings;
    return {
      get seconds() {
        return settings().seconds;
      },
      get isAutomatic() {
        return settings().isAutomatic;
      },
      next: () => ring.memory(this.#filling).subarray(0, geometry.bytes),
      onFrame: (time) => this.#take(running, time),
      onHeartbeat: (dropped, seconds) => {
        const rate = meter.rate(this.#clock.now());
        const { frames } = meter;
        this.#news({ kind: "statistics", statistics: { rate, frames, dropped, seconds } });
        this.#recorder?.report();
      },
      onRestart: (reason) => this.#news({ kind: "restarted", reason }),
    };
  }

  #take({ ring, geometry, meter, previews }: Running, time: number): void {
    const { divisor, preview } = this.#settings;
    if (!this.#divider.keeps(divisor)) return;
    meter.count(this.#clock.now());
    const wish = preview !== undefined && previews.admits(preview) ? preview : undefined;
    const recorder = this.#recorder;
    if (recorder === undefined && wish === undefined) return;
    const next = ring.take("camera");
    if (next === undefined) {
      recorder?.miss();
      return;
    }
    const cell = this.#filling;
    this.#filling = next;
    if (recorder !== undefined) {
      const bytes = frameBytes(geometry.roi, geometry.format);
      ring.hold(cell, "recorder");
      recorder.offer({
        pixels: ring.memory(cell).subarray(0, bytes),
        time,
        release: () => ring.letGo(cell, "recorder"),
      });
    }
    if (wish !== undefined) previews.show(cell, wish, time);
    ring.letGo(cell, "camera");
  }

  async #close(failure: unknown): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#recorder?.stop(failure);
    await Promise.allSettled([this.#recording, running?.previews.settled()]);
    if (running !== undefined) unmapMemory(running.memory);
  }
}
