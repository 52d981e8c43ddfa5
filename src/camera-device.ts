import { join } from "node:path";
import type { CameraIdentity, CameraInfo } from "./camera/camera-info.js";
import type { Clock } from "./camera/clock.js";
import { type Launch, RemoteCamera } from "./camera/process/remote-camera.js";
import { ccd } from "./ccd/ccd.js";
import { CustomKeywords } from "./ccd/custom-keywords.js";
import { ACTIVE_DEVICES, driverInterface } from "./ccd/definitions.js";
import { ROOM } from "./ccd/image.js";
import { guider } from "./guider/guider.js";
import { configProcess } from "./indi/config-process.js";
import type { Connection } from "./indi/connection.js";
import { Device } from "./indi/device.js";
import { Refused } from "./indi/errors.js";
import { DEBUG, DRIVER_INFO, NICKNAME, POLLING_PERIOD, SIMULATION } from "./indi/general.js";
import type { Nicknames } from "./indi/nicknames.js";
import { configFileName, SavedConfig } from "./indi/saved-config.js";
import type { Log } from "./log.js";
import { VERSION } from "./version.js";

/** The name all devices of this driver begin with; clients know the driver by it. */
export const DRIVER_NAME = "ZWO CCD";

/** The program that indiserver starts. */
const DRIVER_EXECUTABLE = "indi_asid_ccd";

/** What a camera needs to become a device. */
export interface CameraSurroundings {
  readonly launch: Launch;
  readonly clock: Clock;
  readonly log: Log;
  readonly nicknames: Nicknames;
  readonly configDirectory: string;
  readonly isSimulated: boolean;
}

/** One camera as one INDI device, from its first appearance to its last. */
export class CameraDevice {
  readonly device: Device;
  readonly #surroundings: CameraSurroundings;
  readonly #log: Log;
  readonly #keywords = new CustomKeywords();
  #info: CameraInfo;
  #isAttached = true;
  #isOpen = false;
  #camera: RemoteCamera | undefined;

  constructor(name: string, info: CameraInfo, nickname: string, surroundings: CameraSurroundings) {
    this.device = new Device(name);
    this.#info = info;
    this.#surroundings = surroundings;
    this.#log = surroundings.log.part(name);
    const { configDirectory, isSimulated } = surroundings;
    const { device } = this;

    device.onConnect((connection) =>
      this.#connect(connection, {
        pollingPeriod: () => polling.value.PERIOD_MS,
        isDebugging: () => debug.selected === "ENABLE",
      }),
    );
    device.add(
      DRIVER_INFO({
        name: DRIVER_NAME,
        executable: DRIVER_EXECUTABLE,
        version: VERSION,
        interface: driverInterface(info),
      }),
    );
    const polling = device.add(POLLING_PERIOD);
    const debug = device.add(DEBUG);
    debug.onNew(({ ENABLE }) => device.message(`Debug is ${ENABLE ? "enabled" : "disabled"}.`));
    if (info.serial !== undefined) this.#addNickname(info.serial, nickname);
    device.add(SIMULATION(isSimulated)).onNew(({ ENABLE }) => {
      if (ENABLE === isSimulated) return;
      throw new Refused("Whether cameras are simulated is settled when the program starts.");
    });
    configProcess(device, new SavedConfig(join(configDirectory, configFileName(name))));
    device.add(ACTIVE_DEVICES);
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
  }

  /** The camera is gone: the device stays for it to come back to, but is disconnected. */
  async detach(): Promise<void> {
    if (!this.#isAttached) return;
    this.#isAttached = false;
    this.#log.warn("unplugged");
    const reason = "the camera was unplugged";
    await this.abandon(reason);
    if (this.isOpen) await this.device.disconnect(`Disconnected: ${reason}.`);
    else this.device.message("The camera was unplugged.", "warning");
  }

  /** Gives up on the camera: whatever is being asked of it fails with the reason. */
  async abandon(reason: string): Promise<void> {
    await this.#camera?.abandon(reason);
  }

  #addNickname(serial: string, nickname: string): void {
    const { nicknames } = this.#surroundings;
    this.device.add(NICKNAME(nickname)).onNew(async ({ nickname: wanted }) => {
      await nicknames.set(serial, wanted);
      this.device.message("The nickname is used from the next start on.");
    });
  }

  async #connect(connection: Connection, options: ConnectOptions): Promise<void> {
    if (!this.#isAttached) throw new Refused("The camera is not attached.");
    const { launch, clock } = this.#surroundings;
    const { device } = this;
    this.#isOpen = true;
    connection.onClose(() => {
      this.#isOpen = false;
    });
    const { sensor } = this.#info;
    const camera = await RemoteCamera.open(launch, this.#info, sensor, ROOM, connection.signal);
    this.#camera = camera;
    connection.onClose(() => {
      this.#camera = undefined;
      return camera.close();
    });
    camera.on("replacing", (reason) => {
      this.#log.warn(`the camera process failed: ${reason}`);
      device.message(`The camera process failed: ${reason}. It is being replaced.`, "warning");
    });
    camera.on("replaced", () => {
      this.#log.info("a new camera process has taken over");
      device.message("The camera works again, with its settings restored.");
    });
    camera.on("lost", (failure) => {
      this.#log.error(`lost: ${failure.message}`);
      // Not awaited: the connection that ends waits for the very request that found out.
      void device.disconnect(failure.message);
    });
    await ccd(connection, camera, {
      device,
      clock,
      keywords: this.#keywords,
      software: `indi-asid ${VERSION}`,
      pollingPeriod: options.pollingPeriod,
      debug: (text) => {
        this.#log.debug(text);
        if (options.isDebugging()) device.message(text, "debug");
      },
    });
    if (camera.opened.info.hasGuidePort) guider(connection, camera);
    this.#log.info("connected");
    connection.onClose(() => this.#log.info("disconnected"));
  }
}

interface ConnectOptions {
  pollingPeriod(): number;
  isDebugging(): boolean;
}
