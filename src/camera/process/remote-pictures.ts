import { EventEmitter } from "node:events";
import { CameraFailure, MemoryFull } from "../errors.js";
import type { Exposure } from "../exposures.js";
import type { Picture } from "../picture.js";
import { frameBytes } from "../pixel-format.js";
import { readoutAllowance } from "../readout.js";
import type { Capture } from "../roi.js";
import type { Activity } from "./activity.js";
import type { CameraProcess } from "./camera-process.js";
import type { Child } from "./child.js";
import { type CameraCounters, growth } from "./counters.js";
import type { FrameSlot, FrameSlots } from "./frame-slots.js";
import type { CameraRequests, ExposureNews } from "./messages.js";

/** How long an exposure waits for clients to take an earlier picture, in milliseconds. */
const SLOT_PATIENCE = 60_000;

/** A picture in memory that the daemon and the camera process share. */
export interface Frame extends Picture {
  /** Room for a header, then the pixels, then at least `tailRoom` bytes. */
  readonly memory: Uint8Array;
  /** Where in `memory` the pixels begin. */
  readonly offset: number;
  /** Of the memory, by which another process of ours finds it. */
  readonly descriptor: number;
  /** Opens the memory for other programs to read, where there is other memory for the next picture. */
  share(): number | undefined;
  /** Gives the memory back; it must not be touched afterwards. */
  release(): void;
}

/** How an exposure is asked for. */
export interface ExposeOptions {
  readonly signal: AbortSignal;
  /** Bytes to keep free before and after the pixels. */
  readonly headRoom: number;
  readonly tailRoom: number;
  onNews(news: ExposureNews): void;
}

/** What is heard of pictures besides themselves. */
export interface RemotePicturesEvents {
  /** A picture was taken. */
  picture: [Picture];
  /** An exposure waits for the memory of pictures on their way to clients. */
  crowded: [];
}

/** The pictures of a camera in another process, taken into memory that is shared with it. */
export class RemotePictures extends EventEmitter<RemotePicturesEvents> {
  readonly #process: CameraProcess;
  readonly #slots: FrameSlots;
  readonly #capture: () => Capture;
  readonly #activity: Activity;
  readonly #counters: CameraCounters;
  #slack = 0;
  #isFinishing = false;

  /** @param capture tells what pictures are taken of */
  constructor(
    process: CameraProcess,
    slots: FrameSlots,
    capture: () => Capture,
    activity: Activity,
    counters: CameraCounters,
  ) {
    super();
    this.#process = process;
    this.#slots = slots;
    this.#capture = capture;
    this.#activity = activity;
    this.#counters = counters;
  }

  /** Milliseconds that other requests may have to wait for a picture being read. */
  get slack(): number {
    return this.#slack;
  }

  /** Whether the exposure of now, or else the last one, was to end before its time. */
  get isFinishing(): boolean {
    return this.#isFinishing;
  }

  /** Ends the running exposure now, with the picture of the time it had; settles when the camera has given or lost it. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    const deadline = this.#process.deadlines.control + this.#slack;
    await this.#process.request("finishExposure", null, { deadline });
  }

  /** Takes a picture; whoever gets it must release it. */
  async expose(exposure: Exposure, options: ExposeOptions): Promise<Frame> {
    const { signal, onNews } = options;
    const longest = Math.max(exposure.seconds, exposure.blinks?.seconds ?? 0);
    const retries = growth();
    this.#isFinishing = false;
    this.#activity.enter("waiting");
    return this.#fillSlot(options, (child, place, allowance) =>
      this.#process.ask(
        child,
        "expose",
        { ...exposure, ...place },
        {
          deadline: longest * 1000 + allowance + this.#process.deadlines.margin,
          signal,
          onNews: (news) => {
            onNews(news);
            this.#follow(news);
            if (news.kind === "started") this.#counters.retries += retries(news.attempt - 1);
            // Where a trigger is waited for, the whole time is left, and may be for long.
            return news.kind !== "countdown" || news.secondsLeft >= exposure.seconds;
          },
        },
      ),
    );
  }

  /**
   * Takes pictures without a pause, for as long as they are asked for: while one is read out, the next is exposed.
   * Whoever gets one must release it.
   */
  async *series(exposure: Exposure, options: ExposeOptions): AsyncGenerator<Frame, void, void> {
    const { signal, onNews } = options;
    await this.#process.request("startSeries", exposure, {
      deadline: this.#process.deadlines.capture,
    });
    try {
      for (;;) {
        this.#activity.enter("exposing");
        yield await this.#fillSlot(options, (child, place, allowance) =>
          this.#process.ask(child, "nextPicture", place, {
            deadline: exposure.seconds * 1000 + allowance + this.#process.deadlines.margin,
            signal,
            onNews: (news) => {
              onNews(news);
              this.#follow(news);
              return false;
            },
          }),
        );
      }
    } finally {
      await this.#process
        .request("endSeries", null, { deadline: this.#process.deadlines.capture })
        .catch(() => undefined);
    }
  }

  #follow(news: ExposureNews): void {
    const isReading = news.kind === "countdown" && news.secondsLeft === 0;
    this.#activity.enter(isReading ? "reading" : "exposing");
  }

  /** Has the camera process fill a frame slot; `ask` is told where, and how long reading out may take. */
  async #fillSlot(
    { signal, headRoom, tailRoom }: ExposeOptions,
    ask: (
      child: Child<CameraRequests>,
      place: { readonly slot: number; readonly offset: number },
      allowance: number,
    ) => Promise<Picture>,
  ): Promise<Frame> {
    let slot: FrameSlot | undefined;
    let child: Child<CameraRequests> | undefined;
    try {
      const { roi, format, binning } = this.#capture();
      const pixels = frameBytes(roi, format) / binning ** 2;
      const room = Math.min(headRoom + Math.ceil(pixels) + tailRoom, this.#slots.bytes);
      slot = await this.#freeSlot(signal, room);
      const { memory, index } = slot;
      const allowance = readoutAllowance(frameBytes(roi, format));
      child = await this.#process.child(signal);
      this.#slack = allowance;
      const picture = await ask(child, { slot: index, offset: headRoom }, allowance);
      signal.throwIfAborted();
      this.#counters.exposures++;
      this.#counters.bytes += frameBytes(picture.roi, picture.format);
      this.#activity.end("picture");
      this.#process.proved();
      this.emit("picture", picture);
      const { share, descriptor } = slot;
      const release = () => {
        slot?.release();
        this.#activity.delivered();
      };
      return { ...picture, memory, descriptor, offset: headRoom, share, release };
    } catch (error) {
      if (!signal.aborted && error instanceof CameraFailure) this.#counters.failures++;
      this.#activity.end(signal.aborted ? "abort" : "failure");
      // A process that was killed may still be writing until it is gone.
      if (child?.isDying) void child.exited.then(() => slot?.release());
      else slot?.release();
      throw error;
    } finally {
      this.#slack = 0;
    }
  }

  async #freeSlot(signal: AbortSignal, bytes: number): Promise<FrameSlot> {
    const patience = new AbortController();
    const slow = "The memory for pictures is full: clients are too slow to take them.";
    const late = setTimeout(() => patience.abort(new MemoryFull(slow)), SLOT_PATIENCE);
    const crowded = setTimeout(() => this.emit("crowded"));
    try {
      return await this.#slots.acquire(AbortSignal.any([signal, patience.signal]), bytes);
    } finally {
      clearTimeout(late);
      clearTimeout(crowded);
    }
  }
}
