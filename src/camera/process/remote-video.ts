import { MemoryFull } from "../errors.js";
import type { MemoryBudget } from "../memory-budget.js";
import type { Recording, RecordingPlan } from "../recorder.js";
import type { Roi } from "../roi.js";
import type { Activity } from "./activity.js";
import type { RequestOptions } from "./child.js";
import { type CameraCounters, growth } from "./counters.js";
import { leastRingBytes } from "./frame-ring.js";
import type { CameraRequests, RecordingNews, VideoNews, VideoSettings } from "./messages.js";
import { VideoMemory, type VideoPreview } from "./video-memory.js";

/** Makes a request to the camera process of the moment. */
export type RequestCamera = <Name extends keyof CameraRequests>(
  name: Name,
  args: CameraRequests[Name]["args"],
  options: RequestOptions<CameraRequests[Name]["news"]>,
) => Promise<CameraRequests[Name]["result"]>;

interface VideoArgs {
  readonly part: Roi;
  readonly settings: VideoSettings;
  readonly bufferBytes: number;
}

/** Who looks on while a video runs. */
export interface VideoListener {
  /** Whoever gets a preview must release it. */
  onPreview(preview: VideoPreview): void;
  onNews(news: Exclude<VideoNews, { kind: "preview" }>): void;
}

/** The memory a video may take. */
export interface VideoSpace {
  readonly memory: MemoryBudget;
  /** The bytes of a frame of that part, in binned pixels. */
  frameBytes(part: Roi): number;
}

/** The daemon's stand-in for the video of a camera. */
export class RemoteVideo {
  readonly #request: RequestCamera;
  readonly #activity: Activity;
  readonly #counters: CameraCounters;
  readonly #space: VideoSpace;
  /** Videos and recordings say that they are alive several times a second; after so many milliseconds they hang. */
  readonly #deadline: number;

  constructor(
    request: RequestCamera,
    activity: Activity,
    counters: CameraCounters,
    space: VideoSpace,
    deadline: number,
  ) {
    this.#request = request;
    this.#activity = activity;
    this.#counters = counters;
    this.#space = space;
    this.#deadline = deadline;
  }

  /**
   * Runs a video of a part of the capture, in its binned pixels, until `signal` aborts. Its buffer is smaller than
   * wanted where memory is short; rejects with MemoryFull where it would be too small for frames to flow.
   */
  async run(args: VideoArgs, listener: VideoListener, signal: AbortSignal): Promise<void> {
    const { memory, frameBytes } = this.#space;
    const least = leastRingBytes(frameBytes(args.part));
    const bufferBytes = memory.takeUpTo(args.bufferBytes, least);
    if (bufferBytes === undefined) {
      const [needed, free] = [least, Math.max(0, memory.free)].map((bytes) =>
        Math.ceil(bytes / 1e6),
      );
      throw new MemoryFull(
        `A video of these frames needs ${needed} MB of memory, and ${free} MB are free for pictures: choose a smaller frame, or start with a larger --max-memory.`,
      );
    }
    const video = new VideoMemory(bufferBytes, (bytes) => memory.give(bytes));
    await this.#run(video, { ...args, bufferBytes }, listener, signal);
  }

  async #run(
    memory: VideoMemory,
    args: VideoArgs,
    { onPreview, onNews }: VideoListener,
    signal: AbortSignal,
  ): Promise<void> {
    const [taken, lost] = [growth(), growth()];
    let isRunning = false;
    try {
      await this.#request(
        "video",
        { ...args, memory: memory.fd },
        {
          deadline: this.#deadline,
          signal,
          onNews: (news) => {
            if (news.kind === "preview") {
              onPreview(memory.preview(news));
              return false;
            }
            if (news.kind === "started") {
              memory.open(news.layout);
              isRunning = true;
              this.#activity.enter("exposing");
            }
            if (news.kind === "statistics") {
              this.#counters.frames += taken(news.statistics.frames);
              this.#counters.framesLost += lost(news.statistics.dropped);
            }
            onNews(news);
            return true;
          },
        },
      );
    } finally {
      memory.close();
      // A video that was refused leaves the exposure alone that is in its way.
      if (isRunning) this.#activity.end(signal.aborted ? "abort" : "failure");
    }
  }

  /** Changes how the running video is taken and shown. */
  async adjust(settings: VideoSettings): Promise<void> {
    await this.#request("adjustVideo", settings, { deadline: this.#deadline });
  }

  /** Records the running video until the plan is met or `signal` aborts; either way there is a recording then. */
  async record(
    plan: RecordingPlan,
    onNews: (news: RecordingNews) => void,
    signal: AbortSignal,
  ): Promise<Recording> {
    const leftOut = growth();
    const recording = await this.#request("record", plan, {
      deadline: this.#deadline,
      signal,
      onNews: (news) => {
        if (news.kind === "progress") {
          this.#counters.framesLeftOut += leftOut(news.progress.dropped);
        }
        onNews(news);
        return true;
      },
    });
    this.#counters.framesLeftOut += leftOut(recording.dropped);
    return recording;
  }
}
