import { EventEmitter } from "node:events";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { inTime, unlessAborted } from "../abort.js";
import type { OpenedCamera } from "../camera.js";
import type { CameraIdentity } from "../camera-info.js";
import { CameraFailure } from "../errors.js";
import { Child, type RequestOptions } from "./child.js";
import { DEADLINES, type Deadlines } from "./deadlines.js";
import type { FrameSlots } from "./frame-slots.js";
import type { CameraRequests, Settings } from "./messages.js";
import { Restarts } from "./restarts.js";
import { resetOnBus } from "./usb-reset.js";

/** The compiled entry of the camera process. */
const CAMERA_ENTRY = new URL("./camera-main.js", import.meta.url);

/** How camera processes are started. */
export interface Launch {
  readonly libraryPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly entry?: URL;
  /** The usual ones if not given. */
  readonly deadlines?: Deadlines;
  /** Hears of each call of the vendor library; they are not traced if not given. */
  readonly onCall?: ((line: string) => void) | undefined;
}

/** What becomes of the process of a camera. */
export interface CameraProcessEvents {
  /** The process failed for that reason and is being replaced. */
  replacing: [reason: string];
  /** The camera was opened anew, by a new process or the same, with its settings restored. */
  restored: [];
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
  readonly #restarts = new Restarts();
  #opened: OpenedCamera | undefined;
  /** The process that has the camera, now or soon. */
  #child: Promise<Child<CameraRequests>>;
  /** The same while it has the camera. */
  #current: Child<CameraRequests> | undefined;
  /** The latest process, also while it is still opening the camera. */
  #latest: Child<CameraRequests> | undefined;
  /** To be done once the process is gone, before the next one opens the camera. */
  #inBetween: (() => Promise<void>) | undefined;
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

  /** How long things may take. */
  get deadlines(): Deadlines {
    return this.#launch.deadlines ?? DEADLINES;
  }

  /** The process that has the camera; rejects with CameraFailure where none has it for too long. */
  async child(signal?: AbortSignal): Promise<Child<CameraRequests>> {
    if (this.#current !== undefined) return this.#current;
    const late = new CameraFailure("The camera is still being opened anew.");
    const waiting = inTime(this.#child, this.deadlines.open, late);
    return signal === undefined ? waiting : unlessAborted(waiting, signal);
  }

  /** The process that has the camera open, while there is one. */
  get pid(): number | undefined {
    return this.#current?.pid;
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
    return this.ask(await this.child(), name, args, options);
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
    const { control: deadline } = this.deadlines;
    await this.#current?.request("ping", null, { deadline }).catch(() => undefined);
  }

  /** The camera has done what it is for: earlier failures do not count any more. */
  proved(): void {
    this.#restarts.forget();
  }

  /** Closes the camera and opens it again, in the same process or, where that fails, in a new one. */
  async reopen(): Promise<void> {
    const child = await this.child();
    this.#current = undefined;
    const reopening = this.#open(child);
    reopening.then(() => this.emit("restored")).catch(() => undefined);
    this.#child = reopening.catch(() => this.#successorOf(child));
    await this.#child;
  }

  /** Gives the camera to a new process. */
  async replace(reason: string): Promise<void> {
    const child = await this.child();
    this.#restarts.forget();
    child.kill(reason);
    await this.#successorOf(child);
  }

  /** Does the same, and resets the camera on the bus in between; answers why that was not done, where it was not. */
  async reset(): Promise<string | undefined> {
    let obstacle: string | undefined;
    this.#inBetween = async () => {
      obstacle = await resetOnBus(this.#opening().identity);
    };
    try {
      await this.replace("the camera is being reset");
    } finally {
      // A process that was not there to be replaced leaves the order to no later one.
      this.#inBetween = undefined;
    }
    return obstacle;
  }

  /** Gives up on a camera that is gone: whatever it was asked fails with the reason. */
  async abandon(reason: string): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#latest?.kill(reason);
    await this.#latest?.gone;
    this.#slots.close();
    // Those who asked hear of it before our caller goes on.
    await nextTurn();
  }

  /** Stops what runs, closes the camera and ends its process. */
  async close(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    const child = this.#current;
    // One that has not got the camera yet has nothing to close.
    if (child === undefined) this.#latest?.kill("it is no longer wanted");
    const giveUp = () => this.#latest?.kill("it was not closed in time");
    const deadline = setTimeout(giveUp, this.deadlines.close);
    try {
      await child?.request("close", null, { deadline: this.deadlines.close });
      child?.release();
    } catch {
      // Where the library does not close the camera, the end of the process does.
      giveUp();
    }
    await this.#latest?.gone;
    clearTimeout(deadline);
    this.#slots.close();
  }

  async #start(): Promise<Child<CameraRequests>> {
    const { entry = CAMERA_ENTRY, libraryPath, env, onCall } = this.#launch;
    const { bytes, descriptors: memory } = this.#slots;
    const args = [libraryPath, `${bytes}`, `${memory.length}`];
    const { cancel: cancelDeadline } = this.deadlines;
    const child = new Child<CameraRequests>({ entry, args, env, memory, cancelDeadline, onCall });
    this.#latest = child;
    await this.#open(child);
    void child.gone.then((reason) => this.#replace(reason));
    return child;
  }

  async #open(child: Child<CameraRequests>): Promise<Child<CameraRequests>> {
    try {
      const { open: deadline } = this.deadlines;
      this.#opened = await child.request("open", this.#opening(), { deadline });
    } catch (error) {
      child.kill("the camera could not be opened");
      throw error;
    }
    this.#current = child;
    this.#restarts.opened();
    return child;
  }

  /** The process that has the camera after that one. */
  async #successorOf(child: Child<CameraRequests>): Promise<Child<CameraRequests>> {
    await child.gone;
    if (this.#ending.signal.aborted) throw new CameraFailure("The camera is no longer wanted.");
    return this.#child;
  }

  #replace(reason: string): void {
    this.#current = undefined;
    if (this.#ending.signal.aborted) return;
    this.emit("replacing", reason);
    this.#child = this.#restart(reason);
    this.#child.then(
      () => this.emit("restored"),
      (error) => this.#lose(error),
    );
  }

  async #restart(reason: string): Promise<Child<CameraRequests>> {
    await this.#inBetween?.();
    this.#inBetween = undefined;
    let failure: unknown = new CameraFailure(`The camera process ended: ${reason}.`);
    for (;;) {
      const pause = this.#restarts.failed();
      if (pause === undefined) throw givenUp(this.#restarts.failures, failure);
      await delay(pause, undefined, { ref: false, signal: this.#ending.signal });
      try {
        return await this.#start();
      } catch (error) {
        failure = error;
      }
    }
  }

  #lose(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    const failure =
      error instanceof CameraFailure
        ? error
        : new CameraFailure("The camera is lost.", { cause: error });
    const reason = failure.removed ? "the camera was unplugged" : "the camera is lost";
    void this.abandon(reason).then(() => this.emit("lost", failure));
  }
}

/** What becomes of a camera whose processes fail one after the other. */
function givenUp(times: number, cause: unknown): CameraFailure {
  const text = cause instanceof Error ? cause.message : `${cause}`;
  return new CameraFailure(`Its process failed ${times} times in a row. ${text}`, {
    removed: cause instanceof CameraFailure && cause.removed,
    cause,
  });
}
