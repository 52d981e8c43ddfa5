import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { CameraInfo } from "../../src/camera/camera-info.js";
import { systemClock } from "../../src/camera/clock.js";
import { MemoryBudget } from "../../src/camera/memory-budget.js";
import type { Deadlines } from "../../src/camera/process/deadlines.js";
import { CameraDevice } from "../../src/camera-device.js";
import { readFits } from "../../src/fits/index.js";
import { Driver } from "../../src/indi/driver.js";
import { Nicknames } from "../../src/indi/nicknames.js";
import { SavedConfig } from "../../src/indi/saved-config.js";
import { TcpServer } from "../../src/indi/tcp-server.js";
import type { Log } from "../../src/log.js";
import { Observer } from "../integration/observer.js";
import { PROGRAMS, type Rig } from "../support/daemon.js";
import { filesIn } from "../support/files.js";
import { attachedTo } from "../support/simulated-camera.js";

/** Short, as hangs are waited for; long enough for two busy cores. */
export const DEADLINES: Deadlines = {
  open: 8_000,
  close: 2_000,
  control: 3_000,
  capture: 3_000,
  alive: 3_000,
  margin: 2_000,
  cancel: 3_000,
};

/** Cooling power is Busy for as long as the cooler works, which is no promise. */
const NEVER_AT_REST = new Set(["CCD_COOLER_POWER"]);

/** A part of the sensor that takes no time. */
const PART = { X: 64, Y: 32, WIDTH: 64, HEIGHT: 32 };

const silent: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  part: () => silent,
};

const run = promisify(execFile);

/** A simulated camera as the device of a driver of its own, with somebody at a client program. */
export class TormentedCamera {
  readonly observer: Observer;
  readonly #rig: Rig;
  readonly #info: CameraInfo;
  readonly #camera: CameraDevice;
  readonly #driver: Driver;
  readonly #server: TcpServer;
  #ordered = "";

  private constructor(
    parts: { rig: Rig; info: CameraInfo; camera: CameraDevice },
    serving: { driver: Driver; server: TcpServer; observer: Observer },
  ) {
    this.observer = serving.observer;
    this.#rig = parts.rig;
    this.#info = parts.info;
    this.#camera = parts.camera;
    this.#driver = serving.driver;
    this.#server = serving.server;
  }

  /** Sets everything up, as far as the first picture. */
  static async start(model: string): Promise<TormentedCamera> {
    const { rig, launch, info } = await attachedTo(model, { ASI_SIM_COOLER_SECONDS: "0.05" });
    const driver = new Driver();
    const camera: CameraDevice = new CameraDevice(info.name, info, "", {
      launch: { ...launch, deadlines: DEADLINES },
      clock: systemClock,
      log: silent,
      nicknames: new Nicknames(join(rig.home, "Nicknames.xml"), "ZWO CCD"),
      snoop: driver.snoop,
      messageFile: { path: "", write: () => undefined },
      savedConfig: (device) => new SavedConfig(join(rig.home, `${device}.xml`)),
      files: () => filesIn(rig.home),
      memory: new MemoryBudget(),
      isSimulated: false,
      traffic: driver.traffic,
      clients: () => driver.clients.length,
      untilScanned: () => Promise.resolve(),
      onRenamed: () => undefined,
      onGone: () => void camera.detach(),
    });
    await camera.prepare();
    driver.add(camera.device);
    const server = await TcpServer.listen(driver, { port: 0, addresses: ["127.0.0.1"] });
    const observer = await Observer.at(server.port, info.name);
    const tormented = new TormentedCamera({ rig, info, camera }, { driver, server, observer });
    await tormented.recover();
    return tormented;
  }

  /** Where its files may be. */
  get home(): string {
    return this.#rig.home;
  }

  /** Orders a fault, in the words of the simulator's steering command. */
  async order(fault: readonly string[]): Promise<void> {
    await this.#steer(fault);
    this.#ordered = await this.#outstanding();
  }

  /** Whether the fault that was ordered has happened, at least once. */
  async hasSuffered(): Promise<boolean> {
    const outstanding = await this.#outstanding();
    return outstanding === "" || outstanding !== this.#ordered;
  }

  /** Settles when a request is answered, or its property has gone; rejects when neither is so in time. */
  async ended(name: string, milliseconds: number): Promise<void> {
    const { client, device } = this.observer;
    await client.expect(
      (heard) => {
        if (!("device" in heard) || heard.device !== device) return false;
        if (heard.tag === "delProperty") return heard.name === undefined || heard.name === name;
        if (heard.tag === "message") return heard.message?.endsWith(`has no property ${name}.`);
        return heard.tag === "set" && heard.name === name && heard.state !== "Busy";
      },
      { timeout: milliseconds },
    );
  }

  /** The properties that clients see as being worked on, once what is on its way has come. */
  async busy(): Promise<readonly string[]> {
    const { client, device } = this.observer;
    const busy = () =>
      client
        .properties(device)
        .filter(({ name, state }) => state === "Busy" && !NEVER_AT_REST.has(name))
        .map(({ name }) => name);
    for (let look = 0; look < 50 && busy().length > 0; look++) await delay(20);
    return busy();
  }

  /** Ends all faults; the camera is plugged in and connected then, and takes a picture. */
  async recover(): Promise<void> {
    await this.#steer(["clear"]);
    try {
      await this.#picture();
    } catch {
      // One that was found to be gone may have been on its way out.
      await delay(500);
      await this.#picture();
    }
  }

  async #picture(): Promise<void> {
    this.#camera.attach(this.#info);
    await this.observer.connect();
    await this.observer.set("CCD_FRAME", PART);
    const { width, height } = readFits((await this.observer.expose(0.001)).data);
    if (width !== PART.WIDTH || height !== PART.HEIGHT) {
      throw new Error(`The picture has ${width}x${height} pixels.`);
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.observer.client.close();
    await this.#camera.close();
    await this.#driver.remove(this.#camera.device);
    await this.#server.close();
    await this.#driver.close();
    this.#rig.remove();
  }

  async #steer(words: readonly string[]): Promise<string> {
    const { stdout } = await run(PROGRAMS.steering, words, { env: this.#rig.env });
    return stdout;
  }

  async #outstanding(): Promise<string> {
    const lines = (await this.#steer(["status"])).split("\n");
    return lines.filter((line) => line.startsWith("ordered:")).join();
  }
}
