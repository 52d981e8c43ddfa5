import { EventEmitter } from "node:events";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { OpenedCamera } from "../camera.js";
import type { CameraIdentity } from "../camera-info.js";
import { CameraFailure } from "../errors.js";
import { Child, type RequestOptions } from "./child.js";
import type { FrameSlots } from "./frame-slots.js";
import type { CameraRequests, Settings } from "./messages.js";
import { resetOnBus } from "./usb-reset.js";

/** Milliseconds until a process counts as hung. */
const OPEN_DEADLINE = 20_000;
const CLOSE_DEADLINE = 2_000;
const PING_DEADLINE = 8_000;

/** Rests before the attempts to bring a failed camera process back, in milliseconds. */
const RESTART_PAUSES = [0, 1_000, 4_000];

/** The compiled entry of the camera process. */
export const CAMERA_ENTRY = new URL("./camera-main.js", import.meta.url);

/** How camera processes are started. */
export interface Launch {
  readonly libraryPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly entry?: URL;
}

/** What becomes of the process of a camera. */
export interface CameraProcessEvents {
  /** The process failed for that reason and is being replaced. */
  replacing: [reason: string];
  /** A new process has the camera, with its settings restored. */
  replaced: [];
  /** The camera is gone, or cannot be brought back. */
  lost: [CameraFailure];
}

/** What a process has to open, and how that shall stand then. */
interface Opening {
  readonly identity: CameraIdentity;
  readonly settings: Settings;
}

/** The process that has a camera, and the next one when that fails. */
export class CameraProcess extends EventEmitter<CameraProcessEvents> {
  readonly #launch: Launch;
  readonly #slots: FrameSlots;
  readonly #opening: () => Opening;
  #opened: OpenedCamera | undefined;
  #child: Promise<Child<CameraRequests>>;
  /** The latest process, also while it is still opening the camera. */
  #latest: Child<CameraRequests> | undefined;
  /** The process that has the camera open, while there is one. */
  #serving: Child<CameraRequests> | undefined;
  /** The camera to be reset on the bus before it is opened again. */
  #mustReset: string | undefined;
  /** Aborted when the camera is no longer wanted, or gone. */
  readonly #ending = new AbortController();

  /** Starts the first process; the slots are closed with the last one. */
  constructor(launch: Launch, slots: FrameSlots, opening: () => Opening) {
    super();
    this.#launch = launch;
    this.#slots = slots;
    this.#opening = opening;
    this.#child = this.#start();
  }

  /** Settles when the first process has opened the camera; where it cannot there is no other. */
  async started(): Promise<void> {
    try {
      await this.#child;
    } catch (error) {
      this.#ending.abort();
      this.#slots.close();
      throw error;
    }
  }

  /** The process of now, once it has the camera. */
  get child(): Promise<Child<CameraRequests>> {
    return this.#child;
  }

  /** What the camera told when it was opened. */
  get opened(): OpenedCamera {
    if (this.#opened === undefined) throw new CameraFailure("The camera is not open.");
    return this.#opened;
  }

  /** Asks the process of now. */
  async request<Name extends keyof CameraRequests>(
    name: Name,
    args: CameraRequests[Name]["args"],
    options: RequestOptions<CameraRequests[Name]["news"]>,
  ): Promise<CameraRequests[Name]["result"]> {
    return this.ask(await this.#child, name, args, options);
  }

  /** Asks a process, and gives up the camera where the answer is that it is gone. */
  async ask<Name extends keyof CameraRequests>(
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

  /**
   * Settles when the process answers, or did not and was ended. Calls of the library run beside what answers, so one
   * that takes long is no silence; while a process is opening the camera that has a deadline of its own.
   */
  async answers(): Promise<void> {
    await this.#serving?.request("ping", null, { deadline: PING_DEADLINE }).catch(() => undefined);
  }

  /** Replaces the process, and resets the camera of that name on the bus in between where it can be told from others. */
  async reset(name: string): Promise<void> {
    const child = await this.#child;
    this.#mustReset = name;
    child.kill("the camera is being reset");
    await child.exited;
    await this.#child;
  }

  /** Gives up on a camera that is gone: whatever it was asked fails with the reason. */
  async abandon(reason: string): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#latest?.kill(reason);
    await this.#latest?.exited;
    this.#slots.close();
    // Those who asked hear of it before our caller goes on.
    await nextTurn();
  }

  /** Stops what runs, closes the camera and ends its process. */
  async close(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    const giveUp = () => this.#latest?.kill("it was not closed in time");
    const deadline = setTimeout(giveUp, CLOSE_DEADLINE);
    try {
      const child = await this.#child;
      await child.request("close", null, { deadline: CLOSE_DEADLINE });
      child.release();
      await child.exited;
    } catch {
      // The process is dead or was killed for not answering: closed either way.
    } finally {
      clearTimeout(deadline);
      this.#slots.close();
    }
  }

  async #start(): Promise<Child<CameraRequests>> {
    const { entry = CAMERA_ENTRY, libraryPath, env } = this.#launch;
    const { bytes, descriptors: memory } = this.#slots;
    const args = [libraryPath, `${bytes}`, `${memory.length}`];
    const child = new Child<CameraRequests>({ entry, args, env, memory });
    this.#latest = child;
    try {
      this.#opened = await child.request("open", this.#opening(), { deadline: OPEN_DEADLINE });
    } catch (error) {
      child.kill("the camera could not be opened");
      throw error;
    }
    this.#serving = child;
    void child.exited.then((reason) => this.#replace(reason));
    return child;
  }

  #replace(reason: string): void {
    this.#serving = undefined;
    if (this.#ending.signal.aborted) return;
    this.emit("replacing", reason);
    this.#child = this.#restart();
    this.#child.then(
      () => this.emit("replaced"),
      (error) => this.#lose(error),
    );
  }

  async #restart(): Promise<Child<CameraRequests>> {
    if (this.#mustReset !== undefined) await resetOnBus(this.#mustReset).catch(() => false);
    this.#mustReset = undefined;
    let failure: unknown;
    for (const pause of RESTART_PAUSES) {
      await delay(pause, undefined, { ref: false, signal: this.#ending.signal });
      try {
        return await this.#start();
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #lose(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    const failure =
      error instanceof CameraFailure
        ? error
        : new CameraFailure("The camera is lost.", { cause: error });
    void this.abandon(failure.message).then(() => this.emit("lost", failure));
  }
}
