import { EventEmitter } from "node:events";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { OpenedCamera } from "../camera.js";
import { type CameraIdentity, isBlank } from "../camera-info.js";
import { CONTROL, type ControlType, type ControlValue } from "../controls.js";
import { CameraFailure } from "../errors.js";
import type { Exposure } from "../exposures.js";
import type { Direction } from "../guide-port.js";
import type { Picture } from "../picture.js";
import { bytesPerPixel } from "../pixel-format.js";
import { readoutAllowance } from "../readout.js";
import type { Capture } from "../roi.js";
import type { Sensor } from "../sensor.js";
import { Activity } from "./activity.js";
import { Child, type RequestOptions } from "./child.js";
import type { FeatureRequests } from "./feature-requests.js";
import { type FrameSlot, FrameSlots } from "./frame-slots.js";
import type { CameraRequests, ExposureNews, Settings } from "./messages.js";
import { RemoteVideo } from "./remote-video.js";
import { resetOnBus } from "./usb-reset.js";

/** Milliseconds until a request that should take no time counts as hung. */
const CONTROL_DEADLINE = 8_000;
const CAPTURE_DEADLINE = 10_000;
const OPEN_DEADLINE = 20_000;
const CLOSE_DEADLINE = 2_000;
/** On top of what a request takes by itself. */
const MARGIN = 3_000;

/** Rests before the attempts to bring a failed camera process back, in milliseconds. */
const RESTART_PAUSES = [0, 1_000, 4_000];

/** How long an exposure waits for clients to take an earlier picture, in milliseconds. */
const SLOT_PATIENCE = 60_000;

/** Frame slots of a camera: one on its way to clients, one being filled. */
const SLOTS = 2;

/** A picture in memory that the daemon and the camera process share. */
export interface Frame extends Picture {
  /** Room for a header, then the pixels, then at least `tailRoom` bytes. */
  readonly memory: Uint8Array;
  /** Where in `memory` the pixels begin. */
  readonly offset: number;
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

/** The compiled entry of the camera process. */
export const CAMERA_ENTRY = new URL("./camera-main.js", import.meta.url);

/** How camera processes are started. */
export interface Launch {
  readonly libraryPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly entry?: URL;
}

interface RemoteCameraEvents {
  /** Frame, binning or format have been set. */
  capture: [Capture];
  /** The process failed for that reason and is being replaced. */
  replacing: [reason: string];
  /** A new process has the camera, with its settings restored. */
  replaced: [];
  /** The camera is gone, or cannot be brought back. */
  lost: [CameraFailure];
  /** The camera is known by something else from now on. */
  identified: [CameraIdentity];
  /** A control was set, and stands there now. */
  control: [ControlValue];
  /** A picture was taken. */
  picture: [Picture];
}

/**
 * The daemon's stand-in for a camera: what Camera does, done in a process of its own.
 *
 * A process that dies or hangs costs the requests it was working on, which fail with CameraFailure; it is
 * replaced at once, and the new one gets the settings the old one had.
 */
export class RemoteCamera extends EventEmitter<RemoteCameraEvents> {
  /** What the camera is doing. */
  readonly activity = new Activity();
  /** Its video; the camera takes no exposures while that runs. */
  readonly video = new RemoteVideo((...request) => this.#request(...request), this.activity);
  readonly #launch: Launch;
  #identity: CameraIdentity;
  readonly #slots: FrameSlots;
  readonly #controls = new Map<ControlType, ControlValue>();
  #capture: Capture | undefined;
  #opened: OpenedCamera | undefined;
  #child: Promise<Child<CameraRequests>>;
  /** Milliseconds that other requests may have to wait for a picture being read. */
  #slack = 0;
  #mustReset = false;
  #closed = false;

  private constructor(
    launch: Launch,
    identity: CameraIdentity,
    slots: FrameSlots,
    settings: Settings | undefined,
  ) {
    super();
    this.#capture = settings?.capture;
    for (const control of settings?.controls ?? []) this.#controls.set(control.type, control);
    this.#launch = launch;
    this.#identity = identity;
    this.#slots = slots;
    this.#child = this.#start();
  }

  /** Starts a process for the camera and opens it there, with the settings of an earlier one if given. */
  static async open(
    launch: Launch,
    identity: CameraIdentity,
    sensor: Sensor,
    { headRoom, tailRoom }: { headRoom: number; tailRoom: number },
    settings?: Settings,
  ): Promise<RemoteCamera> {
    const slots = new FrameSlots(SLOTS, headRoom + largestFrame(sensor) + tailRoom);
    const camera = new RemoteCamera(launch, identity, slots, settings);
    try {
      await camera.#child;
      return camera;
    } catch (error) {
      camera.#closed = true;
      slots.close();
      throw error;
    }
  }

  /** What the camera told when it was opened. */
  get opened(): OpenedCamera {
    if (this.#opened === undefined) throw new CameraFailure("The camera is not open.");
    return this.#opened;
  }

  /** All that was set so far, for another process to go on with. */
  get settings(): Settings {
    return { capture: this.#capture, controls: [...this.#controls.values()] };
  }

  /** Asks the camera for a sign of life; one that is gone is told by the event "lost". */
  async check(): Promise<void> {
    await this.readControls([CONTROL.exposure]);
  }

  /** Sets part of the sensor, binning and format; answers what was really set. */
  async setCapture(capture: Capture): Promise<Capture> {
    const real = await this.#request("setCapture", capture, {
      deadline: CAPTURE_DEADLINE + this.#slack,
    });
    this.#capture = real;
    this.emit("capture", real);
    return real;
  }

  /** Sets one control; answers where it stands then. */
  async setControl(control: ControlValue): Promise<ControlValue> {
    const result = await this.#request("setControl", control, {
      deadline: CONTROL_DEADLINE + this.#slack,
    });
    this.#controls.set(control.type, control);
    this.emit("control", result);
    return result;
  }

  /** Where a control stood when it was last set or the camera opened; undefined where there is none. */
  control(type: ControlType): number | undefined {
    const known = this.#controls.get(type);
    return (known ?? this.opened.controls.find((control) => control.type === type))?.value;
  }

  /** Reads where controls stand. */
  readControls(types: readonly ControlType[]): Promise<ControlValue[]> {
    return this.#request("readControls", { types }, { deadline: CONTROL_DEADLINE + this.#slack });
  }

  /** Asks something of a feature that only some cameras have. */
  feature<Name extends keyof FeatureRequests>(
    name: Name,
    args: FeatureRequests[Name]["args"],
  ): Promise<CameraRequests[Name]["result"]> {
    return this.#request(name, args, { deadline: CONTROL_DEADLINE + this.#slack });
  }

  /** Writes the flash memory; a camera without serial number is known by it from then on. */
  async setFlashId(digits: string): Promise<string> {
    const written = await this.feature("setFlashId", digits);
    if (this.#identity.serial === undefined) {
      this.#identity = { ...this.#identity, flashId: isBlank(written) ? undefined : written };
      this.emit("identified", this.#identity);
    }
    return written;
  }

  /** Takes a picture; whoever gets it must release it. */
  async expose(exposure: Exposure, options: ExposeOptions): Promise<Frame> {
    const { signal, onNews } = options;
    const longest = Math.max(exposure.seconds, exposure.blinks?.seconds ?? 0);
    this.activity.enter("waiting");
    return this.#fillSlot(options, (child, place, allowance) =>
      this.#ask(
        child,
        "expose",
        { ...exposure, ...place },
        {
          deadline: longest * 1000 + allowance + MARGIN,
          signal,
          onNews: (news) => {
            onNews(news);
            this.#follow(news);
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
    await this.#request("startSeries", exposure, { deadline: CAPTURE_DEADLINE });
    try {
      for (;;) {
        this.activity.enter("exposing");
        yield await this.#fillSlot(options, (child, place, allowance) =>
          this.#ask(child, "nextPicture", place, {
            deadline: exposure.seconds * 1000 + allowance + MARGIN,
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
      await this.#request("endSeries", null, { deadline: CAPTURE_DEADLINE }).catch(() => undefined);
    }
  }

  #follow(news: ExposureNews): void {
    const isReading = news.kind === "countdown" && news.secondsLeft === 0;
    this.activity.enter(isReading ? "reading" : "exposing");
  }

  /** Has the camera process fill a frame slot; `ask` is told where, and how long reading out may take. */
  async #fillSlot(
    { signal, headRoom }: ExposeOptions,
    ask: (
      child: Child<CameraRequests>,
      place: { readonly slot: number; readonly offset: number },
      allowance: number,
    ) => Promise<Picture>,
  ): Promise<Frame> {
    let slot: FrameSlot | undefined;
    let child: Child<CameraRequests> | undefined;
    try {
      slot = await this.#freeSlot(signal);
      const { memory, index } = slot;
      const { roi, format } = this.capture;
      const allowance = readoutAllowance(roi.width * roi.height * bytesPerPixel(format));
      child = await this.#child;
      this.#slack = allowance;
      const picture = await ask(child, { slot: index, offset: headRoom }, allowance);
      signal.throwIfAborted();
      this.activity.end("picture");
      this.emit("picture", picture);
      const release = () => {
        slot?.release();
        this.activity.delivered();
      };
      return { ...picture, memory, offset: headRoom, release };
    } catch (error) {
      this.activity.end(signal.aborted ? "abort" : "failure");
      // A process that was killed may still be writing until it is gone.
      if (child?.isDying) void child.exited.then(() => slot?.release());
      else slot?.release();
      throw error;
    } finally {
      this.#slack = 0;
    }
  }

  /** What the camera takes pictures of now. */
  get capture(): Capture {
    return this.#capture ?? this.opened.capture;
  }

  async #freeSlot(signal: AbortSignal): Promise<FrameSlot> {
    const patience = AbortSignal.timeout(SLOT_PATIENCE);
    try {
      return await this.#slots.acquire(AbortSignal.any([signal, patience]));
    } catch (error) {
      if (!patience.aborted || signal.aborted) throw error;
      throw new CameraFailure(
        "The memory for pictures is full: clients are too slow to take them.",
      );
    }
  }

  /**
   * Gives the camera to a new process, with its settings restored, and resets it on the bus in between where it can be
   * told from others. Rejects with CameraFailure where it does not come back.
   */
  async reset(): Promise<void> {
    const child = await this.#child;
    this.#mustReset = true;
    child.kill("the camera is being reset");
    await child.exited;
    await this.#child;
  }

  /** Closes the relay of `direction` for that long; settles with the milliseconds it really was. */
  pulse(direction: Direction, milliseconds: number, signal: AbortSignal): Promise<number> {
    const deadline = milliseconds + MARGIN;
    return this.#request("pulse", { direction, milliseconds }, { deadline, signal });
  }

  /** Gives up on a camera that is gone: whatever it was asked fails with the reason. */
  async abandon(reason: string): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const child = await this.#child.catch(() => undefined);
    child?.kill(reason);
    await child?.exited;
    this.#slots.close();
    // Those who asked hear of it before our caller goes on.
    await nextTurn();
  }

  /** Stops what runs, closes the camera and ends its process. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      const child = await this.#child;
      await child.request("close", null, { deadline: CLOSE_DEADLINE });
      child.release();
      await child.exited;
    } catch {
      // The process is dead or was killed for not answering: closed either way.
    } finally {
      this.#slots.close();
    }
  }

  async #request<Name extends keyof CameraRequests>(
    name: Name,
    args: CameraRequests[Name]["args"],
    options: RequestOptions<CameraRequests[Name]["news"]>,
  ): Promise<CameraRequests[Name]["result"]> {
    return this.#ask(await this.#child, name, args, options);
  }

  async #ask<Name extends keyof CameraRequests>(
    child: Child<CameraRequests>,
    name: Name,
    args: CameraRequests[Name]["args"],
    options: RequestOptions<CameraRequests[Name]["news"]>,
  ): Promise<CameraRequests[Name]["result"]> {
    try {
      return await child.request(name, args, options);
    } catch (error) {
      if (error instanceof CameraFailure && error.removed) this.#lose(error);
      throw error;
    }
  }

  async #start(): Promise<Child<CameraRequests>> {
    const { entry = CAMERA_ENTRY, libraryPath, env } = this.#launch;
    const args = [libraryPath, `${this.#slots.bytes}`, `${SLOTS}`];
    const memory = this.#slots.descriptors;
    const child = new Child<CameraRequests>({ entry, args, env, memory });
    try {
      this.#opened = await child.request(
        "open",
        { identity: this.#identity, settings: this.settings },
        { deadline: OPEN_DEADLINE },
      );
    } catch (error) {
      child.kill("the camera could not be opened");
      throw error;
    }
    void child.exited.then((reason) => this.#replace(reason));
    return child;
  }

  #replace(reason: string): void {
    if (this.#closed) return;
    this.emit("replacing", reason);
    this.#child = this.#restart();
    this.#child.then(
      () => this.emit("replaced"),
      (error) => this.#lose(error),
    );
  }

  async #restart(): Promise<Child<CameraRequests>> {
    if (this.#mustReset) await resetOnBus(this.#identity.name).catch(() => false);
    this.#mustReset = false;
    let failure: unknown;
    for (const pause of RESTART_PAUSES) {
      await delay(pause, undefined, { ref: false });
      if (this.#closed) break;
      try {
        return await this.#start();
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? new CameraFailure("The camera is closed.");
  }

  #lose(error: unknown): void {
    if (this.#closed) return;
    const failure =
      error instanceof CameraFailure
        ? error
        : new CameraFailure("The camera is lost.", { cause: error });
    void this.abandon(failure.message).then(() => this.emit("lost", failure));
  }
}

function largestFrame({ width, height, formats }: Sensor): number {
  return width * height * Math.max(...formats.map(bytesPerPixel));
}
