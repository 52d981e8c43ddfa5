import { unlessAborted } from "./camera/abort.js";
import type { CameraIdentity, CameraInfo } from "./camera/camera-info.js";
import type { Clock } from "./camera/clock.js";
import type { MemoryBudget } from "./camera/memory-budget.js";
import type { Launch } from "./camera/process/camera-process.js";
import { CameraCounters } from "./camera/process/counters.js";
import type { Settings } from "./camera/process/messages.js";
import { RemoteCamera } from "./camera/process/remote-camera.js";
import { DRIVER_NAME, fits } from "./camera-names.js";
import { ActiveDevices } from "./ccd/active-devices.js";
import { ccd } from "./ccd/ccd.js";
import { CustomKeywords } from "./ccd/custom-keywords.js";
import { driverInterface } from "./ccd/definitions.js";
import { diagnostics } from "./ccd/features/diagnostics.js";
import type { Files } from "./ccd/files/files.js";
import { ROOM } from "./ccd/image.js";
import { guider } from "./guider/guider.js";
import { Configuration } from "./indi/configuration.js";
import type { Connection } from "./indi/connection.js";
import { debugging, type MessageFile } from "./indi/debugging.js";
import { Device } from "./indi/device.js";
import { Refused } from "./indi/errors.js";
import { DRIVER_INFO, NICKNAME, POLLING_PERIOD, SIMULATION } from "./indi/general.js";
import type { NewVector } from "./indi/messages.js";
import type { Nicknames } from "./indi/nicknames.js";
import type { SavedConfig } from "./indi/saved-config.js";
import type { Snoop } from "./indi/snoop.js";
import { settled } from "./indi/task.js";
import type { Traffic } from "./indi/traffic.js";
import type { Log } from "./log.js";
import { VERSION } from "./version.js";

/** The program that indiserver starts. */
export const DRIVER_EXECUTABLE = "indi_asid_ccd";

/** What a camera needs to become a device. */
export interface CameraSurroundings {
  readonly launch: Launch;
  readonly clock: Clock;
  readonly log: Log;
  readonly nicknames: Nicknames;
  readonly snoop: Snoop;
  readonly messageFile: MessageFile;
  /** The files of clients, for one connection. */
  files(): Files;
  /** Where the settings of the device of that name are kept. */
  savedConfig(device: string): SavedConfig;
  readonly isSimulated: boolean;
  /** What the pictures of all cameras may take. */
  readonly memory: MemoryBudget;
  /** What goes to all clients, and how many of them there are. */
  readonly traffic: Traffic;
  clients(): number;
  /** Settles when nobody who looks for cameras may have this one open. */
  untilScanned(): Promise<void>;
  /** Hears that the user has given the camera another name. */
  onRenamed(nickname: string): void;
  /** Hears of the camera itself that it is no longer attached. */
  onGone(): void;
}

/** What a connection needs to go on where an earlier one was cut off. */
export interface Session {
  readonly settings: Settings;
  readonly requests: readonly NewVector[];
}

/** Rests before further attempts to connect a camera that was just plugged in, in milliseconds. */
const RECONNECT_PAUSES = [1_000, 3_000];

/** One camera as one INDI device, from its first appearance to its last. */
export class CameraDevice {
  readonly device: Device;
  /** What has come of the camera since the device appeared. */
  readonly counters = new CameraCounters();
  readonly #surroundings: CameraSurroundings;
  readonly #log: Log;
  readonly #keywords = new CustomKeywords();
  readonly #configuration: Configuration;
  readonly #activeDevices: ActiveDevices;
  #info: CameraInfo;
  #camera: RemoteCamera | undefined;
  #session: Session | undefined;
  #isOpen = false;
  #isAttached = true;
  #isClosed = false;

  constructor(name: string, info: CameraInfo, nickname: string, surroundings: CameraSurroundings) {
    this.device = new Device(name);
    this.#info = info;
    this.#surroundings = surroundings;
    this.#log = surroundings.log.part(name);
    const { isSimulated } = surroundings;
    const { device } = this;

    device.onConnect((connection) => this.#connect(connection, () => polling.value.PERIOD_MS));
    device.add(
      DRIVER_INFO({
        name: DRIVER_NAME,
        executable: DRIVER_EXECUTABLE,
        version: VERSION,
        interface: driverInterface(info),
      }),
    );
    const polling = device.add(POLLING_PERIOD);
    debugging(device, surroundings.messageFile);
    if (info.serial !== undefined) this.#addNickname(info.serial, nickname);
    device.add(SIMULATION(isSimulated)).onNew(({ ENABLE }) => {
      if (ENABLE === isSimulated) return;
      throw new Refused("Whether cameras are simulated is settled when the program starts.");
    });
    this.#configuration = new Configuration(device, surroundings.savedConfig(name), {
      warn: (text) => {
        this.#log.warn(text);
        device.message(text, "warning");
      },
    });
    this.#activeDevices = new ActiveDevices(device, surroundings.snoop);
  }

  /** Restores what was saved; to be awaited before clients are shown the device. */
  async prepare(): Promise<void> {
    await this.#configuration.restore(this.device, "saved");
    this.#activeDevices.watch();
  }

  /** Disconnects, and saves what is still to be saved. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.device.disconnect();
    this.#activeDevices.close();
    await this.#configuration.flush();
  }

  get info(): CameraInfo {
    return this.#info;
  }

  /** Which camera this is. */
  get identity(): CameraIdentity {
    return this.#info;
  }

  /** The camera is in use, also while it is being opened or closed, so no scan may touch it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isAttached(): boolean {
    return this.#isAttached;
  }

  /** The camera is there, again or still; the library may number it differently now. */
  attach(info: CameraInfo): void {
    this.#info = info;
    if (this.#isAttached) return;
    this.#isAttached = true;
    this.device.message("The camera is attached again.");
    // A client may have disconnected it while it was away.
    this.resume(this.device.isAtRest ? undefined : this.#session);
  }

  /** The camera is gone: the device stays for it to come back to, but is disconnected. */
  async detach(): Promise<void> {
    if (!this.#isAttached) return;
    this.#isAttached = false;
    // One that had not yet come back is still to be gone on with.
    this.#session = this.suspend() ?? this.#session;
    this.#log.warn("unplugged");
    const reason = "the camera was unplugged";
    const { isConnected } = this.device;
    // Before its requests fail one by one, and those that wait for them try in vain.
    const disconnected = isConnected
      ? this.device.disconnect(`Disconnected: ${reason}.`)
      : this.device.message("The camera was unplugged.", "warning");
    await this.abandon(reason);
    await disconnected;
  }

  /** Gives up on the camera: whatever is being asked of it fails with the reason. */
  async abandon(reason: string): Promise<void> {
    await this.#camera?.abandon(reason);
  }

  /** What another connection needs to go on with what this one does; nothing while there is none. */
  suspend(): Session | undefined {
    if (this.#camera === undefined || !this.device.isConnected) return undefined;
    return { settings: this.#camera.settings, requests: this.device.saved() };
  }

  /** Connects to go on with a session, if there was one. */
  resume(session: Session | undefined): void {
    this.#session = session;
    if (session !== undefined) void this.#reconnect();
  }

  /** The camera process of now, if there is one. */
  get pid(): number | undefined {
    return this.#camera?.pid;
  }

  /** Settles when the camera's process answers, or did not and is being replaced. */
  async answers(): Promise<void> {
    await this.#camera?.answers();
  }

  /** Lets the camera find out whether it is still there. */
  check(): void {
    // What comes of it is told by the camera's events.
    this.#camera?.check().catch(() => undefined);
  }

  async #reconnect(): Promise<void> {
    await this.device.connect();
    for (const pause of RECONNECT_PAUSES) {
      await this.#surroundings.clock.sleep(pause);
      // A client that has disconnected it meanwhile does not want it back.
      if (this.device.isAtRest) this.#session = undefined;
      // Once it goes on, by an attempt or by a client's wish, it is the client's to end.
      if (!this.#isAttached || this.#isClosed || this.#session === undefined) return;
      await this.device.connect();
    }
  }

  #addNickname(serial: string, nickname: string): void {
    const { nicknames, onRenamed } = this.#surroundings;
    this.device.add(NICKNAME(nickname)).onNew(async ({ nickname: wanted }) => {
      if (!fits(wanted)) throw new Refused("The nickname is too long for the name of a device.");
      await nicknames.set(serial, wanted);
      return settled({ nickname: wanted }, "Ok", { afterwards: () => onRenamed(wanted) });
    });
  }

  /** Opens the camera for as long as the connection lasts. */
  async #open(connection: Connection, settings: Settings | undefined): Promise<RemoteCamera> {
    const { launch, untilScanned } = this.#surroundings;
    connection.onClose(() => {
      this.#camera = undefined;
      this.#isOpen = false;
    });
    this.#isOpen = true;
    const { signal } = connection;
    await unlessAborted(untilScanned(), signal);
    const { sensor } = this.#info;
    const { counters } = this;
    const camera = await RemoteCamera.open(launch, this.#info, sensor, ROOM, {
      settings,
      counters,
      signal,
      memory: this.#surroundings.memory,
    });
    connection.onClose(() => camera.close());
    this.#camera = camera;
    return camera;
  }

  async #connect(connection: Connection, pollingPeriod: () => number): Promise<void> {
    if (!this.#isAttached || this.#isClosed) throw new Refused("The camera is not attached.");
    const { clock } = this.#surroundings;
    const files = this.#surroundings.files();
    connection.onClose(() => files.close());
    const { device } = this;
    const camera = await this.#open(connection, this.#session?.settings);
    camera.on("replacing", (reason) => {
      this.#log.warn(`the camera process failed: ${reason}`);
      device.message(`The camera process failed: ${reason}. It is being replaced.`, "warning");
    });
    camera.on("restored", () => {
      this.#log.info("the camera was opened anew");
      device.message("The camera works again, with its settings restored.");
    });
    camera.on("identified", ({ flashId }) => {
      this.#info = { ...this.#info, flashId };
    });
    camera.on("lost", (failure) => {
      this.#log.error(`lost: ${failure.message}`);
      if (failure.removed) return this.#surroundings.onGone();
      // Not awaited: the connection that ends waits for the very request that found out.
      void device.disconnect(failure.message);
    });
    await ccd(connection, camera, {
      device,
      clock,
      files,
      keywords: this.#keywords,
      software: `indi-asid ${VERSION}`,
      observatory: () => this.#activeDevices.observatory(),
      telescopeName: () => this.#activeDevices.vector.value.ACTIVE_TELESCOPE,
      pollingPeriod,
      debug: (text) => {
        this.#log.debug(text);
        device.message(text, "debug");
      },
    });
    const { hasGuidePort } = camera.opened.info;
    if (hasGuidePort) guider(connection, camera);
    diagnostics(connection, clock, { ...this.#surroundings, camera: this.counters, hasGuidePort });
    if (this.#session === undefined) await this.#configuration.restore(connection, "auto");
    else await this.#configuration.apply(connection, this.#session.requests, "saved");
    this.#session = undefined;
    this.#log.info("connected");
    connection.onClose(() => this.#log.info("disconnected"));
  }
}
