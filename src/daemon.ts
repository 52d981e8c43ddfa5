import { join } from "node:path";
import { systemClock } from "./camera/clock.js";
import { CameraRequestError } from "./camera/errors.js";
import { MemoryBudget } from "./camera/memory-budget.js";
import { DRIVER_EXECUTABLE } from "./camera-device.js";
import { CameraNames, DRIVER_NAME } from "./camera-names.js";
import { Cameras } from "./cameras.js";
import { FileRoots } from "./ccd/files/file-roots.js";
import { Files } from "./ccd/files/files.js";
import type { Config } from "./config.js";
import { diagnosticLines } from "./diagnostic-lines.js";
import type { Hardware } from "./hardware.js";
import { Disk } from "./indi/disk.js";
import { Driver } from "./indi/driver.js";
import { Nicknames } from "./indi/nicknames.js";
import { configFileName, SavedConfig } from "./indi/saved-config.js";
import { snoopOn } from "./indi/snoop-connection.js";
import { serveStdio } from "./indi/stdio.js";
import { plainTextMemory } from "./indi/text-memory.js";
import { legacyNicknames } from "./legacy-nicknames.js";
import { Listeners } from "./listeners.js";
import { handOverThrough } from "./local-server.js";
import type { Log } from "./log.js";
import { preferByNiceness, shareHeap } from "./posix/index.js";
import { SessionLog } from "./session-log.js";
import { vectorTextMemory } from "./simd/index.js";

/** Everything wired together: cameras on one side, INDI clients on the other. */
export class Daemon {
  readonly #config: Config;
  readonly #log: Log;
  readonly #driver: Driver;
  readonly #cameras: Cameras;
  readonly #sessionLog: SessionLog;
  readonly #hardware: Hardware;
  readonly #stopping = new AbortController();
  #listeners: Listeners | undefined;

  constructor(config: Config, log: Log, hardware: Hardware) {
    shareHeap();
    // Clients on this machine that take a picture would keep the loop from sending them the rest.
    preferByNiceness();
    this.#config = config;
    this.#log = log;
    this.#hardware = hardware;
    this.#driver = new Driver({
      warnings: () => this.#cameras.warnings,
      textMemory: (size) => vectorTextMemory(size) ?? plainTextMemory(size),
      onError(device, property, error) {
        const text = `${device}: ${property}: ${error}`;
        // What the camera cannot do is the business of the client that asked, and answered.
        if (error instanceof CameraRequestError) log.debug(text);
        else log.warn(text);
      },
    });
    this.#sessionLog = new SessionLog(config.configDirectory, DRIVER_EXECUTABLE, (error) =>
      log.warn(`the session log cannot be written: ${error}`),
    );
    for (const address of config.snoop) {
      void snoopOn(address, this.#driver.snoop, this.#stopping.signal, log.part("snoop"));
    }
    const home = (file: string) => join(config.configDirectory, file);
    const disk = new Disk();
    const callLog =
      config.logLevel === "debug" ? (name: string) => log.part(name).debug : undefined;
    this.#cameras = new Cameras(this.#driver, hardware.scanner, {
      callLog,
      clock: systemClock,
      log,
      env: hardware.env,
      messageFile: this.#sessionLog,
      files: () => new Files(new FileRoots(config.fileRoots)),
      snoop: this.#driver.snoop,
      nicknames: new Nicknames(home("Nicknames.xml"), DRIVER_NAME, disk),
      legacyNicknames: () => legacyNicknames(home("ZWONicknames.xml"), disk),
      names: new CameraNames(
        new Nicknames(home(`${DRIVER_EXECUTABLE}_names.xml`), DRIVER_NAME, disk),
        (error) => log.warn(`the names of cameras cannot be kept: ${error}`),
      ),
      savedConfig: savedConfigs(config, disk),
      isSimulated: hardware.isSimulated,
      memory: new MemoryBudget(config.maxMemory),
      attached: hardware.attached,
      traffic: this.#driver.traffic,
      clients: () => this.#driver.clients.length,
    });
  }

  /** Serves TCP clients; rejects where an address is in use or there is no vendor library. */
  async serveTcp(): Promise<number> {
    this.#listeners = await Listeners.open(this.#driver, this.#config, this.#log);
    await this.#cameras.start();
    this.#log.info(`serving on ${this.#listeners}`);
    return this.#listeners.port;
  }

  /** Reads the certificates again; where they cannot be used, those of before stay. */
  async reload(): Promise<void> {
    await this.#listeners?.reload();
  }

  /** Serves the indiserver that started this process; settles when it hangs up. */
  async serveStdio(): Promise<void> {
    const server = serveStdio(this.#driver, {
      log: this.#log.part("indiserver"),
      handOver: handOverThrough(process.stdout),
    });
    await this.#cameras.start();
    await server.closed;
  }

  /** What is going on, in one line. */
  get status(): string {
    const { devices } = this.#cameras;
    const connected = devices.filter(({ device }) => device.isConnected).length;
    const clients = this.#driver.clients.length;
    return `${devices.length} camera(s), ${connected} connected; ${clients} client(s)`;
  }

  /** Writes into the log what has come of cameras and clients so far. */
  async report(): Promise<void> {
    const { devices } = this.#cameras;
    const lines = await diagnosticLines(this.status, devices, this.#driver);
    for (const line of lines) this.#log.part("diagnostics").info(line);
  }

  /** Settles when all camera processes answer, or those that did not are being replaced. */
  async answers(): Promise<void> {
    await Promise.all(this.#cameras.devices.map((camera) => camera.answers()));
  }

  /** Stops exposures, releases relays, closes cameras and lets clients have what waits for them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#listeners?.close();
    await this.#cameras.close();
    await this.#driver.close();
    await this.#sessionLog.close();
    this.#hardware.end();
  }
}

/** A file for each device, or the one file that all are to share. */
function savedConfigs(
  { configFile, configDirectory }: Config,
  disk: Disk,
): (device: string) => SavedConfig {
  if (configFile === undefined) {
    return (device) => new SavedConfig(join(configDirectory, configFileName(device)), disk);
  }
  // It may lie on another disk than the home.
  const shared = new SavedConfig(configFile);
  return () => shared;
}
