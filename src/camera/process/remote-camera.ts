import { EventEmitter } from "node:events";
import type { OpenedCamera } from "../camera.js";
import { type CameraIdentity, isBlank } from "../camera-info.js";
import { CONTROL, type ControlType, type ControlValue } from "../controls.js";
import type { Direction } from "../guide-port.js";
import { MemoryBudget } from "../memory-budget.js";
import { frameBytes } from "../pixel-format.js";
import type { Capture } from "../roi.js";
import { largestFrame, type Sensor } from "../sensor.js";
import { Activity } from "./activity.js";
import { CameraProcess, type CameraProcessEvents, type Launch } from "./camera-process.js";
import { CameraCounters } from "./counters.js";
import type { Deadlines } from "./deadlines.js";
import type { FeatureRequests } from "./feature-requests.js";
import { FrameSlots } from "./frame-slots.js";
import type { CameraRequests, Settings } from "./messages.js";
import { RemotePictures } from "./remote-pictures.js";
import { RemoteVideo } from "./remote-video.js";
import { slotCount } from "./slot-count.js";

interface OpenOptions {
  readonly settings?: Settings | undefined;
  readonly counters?: CameraCounters;
  readonly signal?: AbortSignal;
  /** What all cameras' pictures may take; without limit if not given. */
  readonly memory?: MemoryBudget;
}

interface RemoteCameraEvents extends CameraProcessEvents {
  /** Frame, binning or format have been set. */
  capture: [Capture];
  /** The camera is known by something else from now on. */
  identified: [CameraIdentity];
  /** A control was set, and stands there now. */
  control: [ControlValue];
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
  /** What has come of it so far. */
  readonly counters: CameraCounters;
  /** Its pictures. */
  readonly pictures: RemotePictures;
  /** Its video; the camera takes no exposures while that runs. */
  readonly video: RemoteVideo;
  readonly #process: CameraProcess;
  #identity: CameraIdentity;
  readonly #controls = new Map<ControlType, ControlValue>();
  #capture: Capture | undefined;

  private constructor(
    launch: Launch,
    identity: CameraIdentity,
    slots: FrameSlots,
    settings: Settings | undefined,
    counters: CameraCounters,
    memory: MemoryBudget,
  ) {
    super();
    this.counters = counters;
    this.#capture = settings?.capture;
    for (const control of settings?.controls ?? []) this.#controls.set(control.type, control);
    this.#identity = identity;
    this.#process = new CameraProcess(launch, slots, () => {
      return { identity: this.#identity, settings: this.settings };
    });
    this.pictures = new RemotePictures(
      this.#process,
      slots,
      () => this.capture,
      this.activity,
      counters,
    );
    this.video = new RemoteVideo(
      (...request) => this.#process.request(...request),
      this.activity,
      counters,
      { memory, frameBytes: (part) => frameBytes(part, this.capture.format) },
      this.#deadlines.alive,
    );
    this.#process.on("replacing", (reason) => this.emit("replacing", reason));
    this.#process.on("restored", () => {
      this.counters.recoveries++;
      this.emit("restored");
    });
    this.#process.on("lost", (failure) => this.emit("lost", failure));
  }

  /**
   * Starts a process for the camera and opens it there, with settings and counters of an earlier one if given; `signal`
   * gives that up at once.
   */
  static async open(
    launch: Launch,
    identity: CameraIdentity,
    sensor: Sensor,
    { headRoom, tailRoom }: { headRoom: number; tailRoom: number },
    { settings, counters, signal, memory = new MemoryBudget() }: OpenOptions = {},
  ): Promise<RemoteCamera> {
    const slotBytes = headRoom + largestFrame(sensor) + tailRoom;
    const slots = new FrameSlots(slotCount(slotBytes), slotBytes, memory);
    const camera = new RemoteCamera(
      launch,
      identity,
      slots,
      settings,
      counters ?? new CameraCounters(),
      memory,
    );
    const giveUp = () => void camera.abandon("it is no longer wanted");
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      await camera.#process.started();
      camera.#keepCooling();
      return camera;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  get #deadlines(): Deadlines {
    return this.#process.deadlines;
  }

  /** What the camera told when it was opened. */
  get opened(): OpenedCamera {
    return this.#process.opened;
  }

  /** A camera that came cooled is to stay so, whatever its next opening makes of the cooler. */
  #keepCooling(): void {
    const told = (type: ControlType) => this.opened.controls.find((one) => one.type === type);
    const [target, switched] = [told(CONTROL.targetTemperature), told(CONTROL.coolerOn)];
    if (switched?.value !== 1) return;
    for (const control of [target, switched]) {
      if (control === undefined || this.#controls.has(control.type)) continue;
      const { type, value, auto } = control;
      this.#controls.set(type, { type, value, auto });
    }
  }

  /** All that was set so far, for another process to go on with. */
  get settings(): Settings {
    return { capture: this.#capture, controls: [...this.#controls.values()] };
  }

  /** The process that has the camera open, while there is one. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Settles when the camera's process answers, or did not and is being replaced. */
  async answers(): Promise<void> {
    await this.#process.answers();
  }

  /** Asks the camera for a sign of life; one that is gone is told by the event "lost". */
  async check(): Promise<void> {
    await this.readControls([CONTROL.exposure]);
  }

  /** Sets part of the sensor, binning and format; answers what was really set. */
  async setCapture(capture: Capture): Promise<Capture> {
    const real = await this.#process.request("setCapture", capture, {
      deadline: this.#deadlines.capture + this.pictures.slack,
    });
    this.#capture = real;
    this.emit("capture", real);
    return real;
  }

  /** Sets one control; answers where it stands then. */
  async setControl(control: ControlValue): Promise<ControlValue> {
    const result = await this.#process.request("setControl", control, {
      deadline: this.#deadlines.control + this.pictures.slack,
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
    return this.#process.request(
      "readControls",
      { types },
      { deadline: this.#deadlines.control + this.pictures.slack },
    );
  }

  /** Asks something of a feature that only some cameras have. */
  feature<Name extends keyof FeatureRequests>(
    name: Name,
    args: FeatureRequests[Name]["args"],
  ): Promise<CameraRequests[Name]["result"]> {
    return this.#process.request(name, args, {
      deadline: this.#deadlines.control + this.pictures.slack,
    });
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

  /** What the camera takes pictures of now. */
  get capture(): Capture {
    return this.#capture ?? this.opened.capture;
  }

  /** Closes the camera and opens it again, with its settings restored. Rejects with CameraFailure where that fails. */
  async reopen(): Promise<void> {
    await this.#process.reopen();
  }

  /** Gives the camera to a new process, with its settings restored. Rejects with CameraFailure where that fails. */
  async replace(reason: string): Promise<void> {
    await this.#process.replace(reason);
  }

  /** Does the same, and resets the camera on the bus in between; answers why that was not done, where it was not. */
  async reset(): Promise<string | undefined> {
    return this.#process.reset();
  }

  /** Closes the relay of `direction` for that long; settles with the milliseconds it really was. */
  async pulse(direction: Direction, milliseconds: number, signal: AbortSignal): Promise<number> {
    const deadline = milliseconds + this.#deadlines.margin;
    const real = await this.#process.request(
      "pulse",
      { direction, milliseconds },
      { deadline, signal },
    );
    if (!signal.aborted) this.counters.addPulse(milliseconds, real);
    return real;
  }

  /** Gives up on a camera that is gone: whatever it was asked fails with the reason. */
  async abandon(reason: string): Promise<void> {
    await this.#process.abandon(reason);
  }

  /** Stops what runs, closes the camera and ends its process. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}
