import { EventEmitter } from "node:events";
import type { VideoGeometry } from "../camera/camera.js";
import { CameraFailure, ProcessFailure } from "../camera/errors.js";
import type { VideoSettings, VideoStatistics } from "../camera/process/messages.js";
import type { RemoteVideo } from "../camera/process/remote-video.js";
import type { VideoPreview } from "../camera/process/video-memory.js";
import type { Roi } from "../camera/roi.js";
import type { Recovery } from "./recovery.js";

/** What a video is run for. */
export type VideoUse = "stream" | "recording";

/** How a video is taken when it starts. */
export interface VideoOptions extends Required<VideoSettings> {
  /** Which part of the frame, in its binned pixels. */
  readonly part: Roi;
  /** Memory for frames that wait for the disk. */
  readonly bufferBytes: number;
}

interface VideoEvents {
  /** The camera delivers frames of this kind from now on. */
  started: [VideoGeometry];
  /** A live frame; whoever listens must release it. */
  preview: [VideoPreview];
  /** Several times a second. */
  statistics: [VideoStatistics];
  /** The camera stood still and is being started again. */
  restarted: [reason: string];
  /** No video runs any more; with a failure if nobody wanted that. */
  ended: [CameraFailure | undefined];
}

interface Run {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * The video of a camera: one for the live stream and the recording together, running as long as one of
 * them needs it.
 */
export class Video extends EventEmitter<VideoEvents> {
  readonly #remote: RemoteVideo;
  readonly #options: () => VideoOptions;
  readonly #recovery: () => Pick<Recovery, "recover" | "proved">;
  readonly #uses = new Set<VideoUse>();
  #run: Run | undefined;
  #geometry: VideoGeometry | undefined;
  /** Starting, stopping and changing happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param options how to take the video, asked at each start and by `adjust`
   * @param recovery what to do about a camera that has failed
   */
  constructor(
    remote: RemoteVideo,
    options: () => VideoOptions,
    recovery: () => Pick<Recovery, "recover" | "proved">,
  ) {
    super();
    this.#recovery = recovery;
    this.#remote = remote;
    this.#options = options;
  }

  /** Whether the camera is taken by a video. */
  get isRunning(): boolean {
    return this.#uses.size > 0;
  }

  isUsedFor(use: VideoUse): boolean {
    return this.#uses.has(use);
  }

  /** What its frames are, while it runs. */
  get geometry(): VideoGeometry | undefined {
    return this.#geometry;
  }

  /** Settles when the video runs for this use too; rejects where the camera cannot start. */
  join(use: VideoUse): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#uses.has(use)) return;
      this.#uses.add(use);
      try {
        if (this.#run === undefined) await this.#start();
        else await this.#sendSettings();
      } catch (error) {
        this.#uses.delete(use);
        throw error;
      }
    });
  }

  /** Settles when the video does not run for this use any more, and has stopped if there is no other. */
  leave(use: VideoUse): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#uses.delete(use)) return;
      if (this.#uses.size > 0) return this.#sendSettings();
      await this.#stop();
      this.emit("ended", undefined);
    });
  }

  /** Makes a change that no video may run through: stops it, and starts it again afterwards. */
  between<T>(change: () => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#stop();
      try {
        return await change();
      } finally {
        if (this.#uses.size > 0) await this.#start().catch((error) => this.#fail(error));
      }
    });
  }

  /** Lets a running video follow its options; what concerns the start waits for the next. */
  adjust(): Promise<void> {
    return this.#inTurn(() => this.#sendSettings());
  }

  /** Stops the video whatever it is used for. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.isRunning) return;
      this.#uses.clear();
      await this.#stop();
      this.emit("ended", undefined);
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #sendSettings(): Promise<void> {
    if (this.#run !== undefined) await this.#remote.adjust(this.#settings());
  }

  #settings(): VideoSettings {
    const { seconds, isAutomatic, divisor, preview } = this.#options();
    const isWatched = this.#uses.has("stream");
    return { seconds, isAutomatic, divisor, preview: isWatched ? preview : undefined };
  }

  async #start(): Promise<void> {
    const stop = new AbortController();
    let isStarted = false;
    await new Promise<void>((resolve, reject) => {
      const onStarted = () => {
        isStarted = true;
        resolve();
      };
      const ended = this.#keepRunning(stop.signal, onStarted).catch((error) => {
        // Stopped on the way to the next attempt.
        if (stop.signal.aborted) return;
        this.#run = undefined;
        if (isStarted) this.#fail(error);
        else reject(error);
      });
      this.#run = { stop, ended };
    });
  }

  async #stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    run?.stop.abort();
    await run?.ended;
    this.#geometry = undefined;
  }

  /**
   * Runs until stopped. A process that dies after frames came is no reason to stop: there is a new one soon. Neither is
   * a camera that fails, as long as there is something to do about it.
   */
  async #keepRunning(signal: AbortSignal, onStarted: () => void): Promise<void> {
    for (;;) {
      let hasFrames = false;
      const { part, bufferBytes } = this.#options();
      try {
        await this.#remote.run(
          { part, bufferBytes, settings: this.#settings() },
          {
            onPreview: (preview) => this.emit("preview", preview),
            onNews: (news) => {
              if (news.kind === "started") {
                this.#geometry = news.geometry;
                this.emit("started", news.geometry);
                onStarted();
              } else if (news.kind === "statistics") {
                if (news.statistics.frames > 0 && !hasFrames) {
                  hasFrames = true;
                  this.#recovery().proved();
                }
                this.emit("statistics", news.statistics);
              } else {
                this.emit("restarted", news.reason);
              }
            },
          },
          signal,
        );
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ProcessFailure && hasFrames) continue;
        const isBack = await this.#recovery().recover(error, signal);
        if (!isBack) throw error;
      }
    }
  }

  #fail(error: unknown): void {
    this.#run = undefined;
    this.#geometry = undefined;
    this.#uses.clear();
    const failure =
      error instanceof CameraFailure
        ? error
        : new CameraFailure(error instanceof Error ? error.message : `${error}`);
    this.emit("ended", failure);
  }
}
