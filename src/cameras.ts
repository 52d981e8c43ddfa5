import {
  type CameraIdentity,
  type CameraInfo,
  identityKey,
  isDistinct,
} from "./camera/camera-info.js";
import { isUsbVisible } from "./camera/presence.js";
import type { ScanResult } from "./camera/process/messages.js";
import type { Scanner } from "./camera/process/scanner.js";
import { CameraDevice, type CameraSurroundings } from "./camera-device.js";
import type { CameraNames } from "./camera-names.js";
import type { Driver } from "./indi/driver.js";
import { UnlistedCameras } from "./unlisted-cameras.js";

/** How often the kernel is asked for USB devices, in milliseconds. */
const WATCH_PERIOD = 2_000;

/** How long cameras may take to close when the program ends, in milliseconds. */
const FAREWELL = 1_500;

/** How long the device of an unplugged camera stays, for the camera to come back, in milliseconds. */
const GRACE = 60_000;

type Surroundings = Omit<CameraSurroundings, "launch" | "untilScanned" | "onRenamed" | "onGone"> & {
  readonly env: NodeJS.ProcessEnv;
  readonly names: CameraNames;
  /** Where the calls of the vendor library for a camera are told; they are not traced if not given. */
  readonly callLog?: ((camera: string) => (line: string) => void) | undefined;
  /** What is plugged in, as the kernel or the simulated hardware tells: another text for each plugging. */
  attached(): Promise<ReadonlySet<string>>;
  /** Earlier users' names for cameras, which others in {@link CameraSurroundings.nicknames} replace. */
  legacyNicknames(): Promise<ReadonlyMap<string, string>>;
};

/**
 * The cameras of the machine as devices of the driver: who is there, under which name, who went away.
 *
 * The vendor library is asked only when the kernel's view of USB has changed; where the library sees cameras
 * that the kernel does not (a container without /sys) it is asked all the time.
 */
export class Cameras {
  readonly #driver: Driver;
  readonly #scanner: Scanner;
  readonly #surroundings: Surroundings;
  readonly #unlisted: UnlistedCameras;
  readonly #devices = new Set<CameraDevice>();
  /** Those that are being closed, and known no more. */
  readonly #leaving = new Set<CameraDevice>();
  readonly #graces = new Map<CameraDevice, NodeJS.Timeout>();
  readonly #nicknames = new Map<string, string>();
  #usb: ReadonlySet<string> | undefined;
  #isHiddenFromKernel = true;
  /** USB has changed since the last scan that succeeded. */
  #isScanDue = false;
  #isUsbVisible = false;
  #hasSomeoneLeft = false;
  #scanning: Promise<unknown> = Promise.resolve();
  #changing: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(driver: Driver, scanner: Scanner, surroundings: Surroundings) {
    this.#driver = driver;
    this.#scanner = scanner;
    this.#surroundings = surroundings;
    this.#unlisted = new UnlistedCameras(driver, surroundings.log);
  }

  /** Finds the cameras of now and goes on watching; throws NoLibraryError without a vendor library. */
  async start(): Promise<void> {
    const { log, names, nicknames, legacyNicknames } = this.#surroundings;
    try {
      for (const known of [await legacyNicknames(), await nicknames.all()]) {
        for (const [serial, nickname] of known) this.#nicknames.set(serial, nickname);
      }
      await names.load();
    } catch (error) {
      log.warn(`the names of cameras cannot be read: ${error}`);
    }
    this.#usb = await this.#surroundings.attached();
    this.#isUsbVisible = await isUsbVisible();
    const found = await this.#scan();
    log.info(`vendor library ${found.libraryPath}, version ${found.sdkVersion}`);
    const missing = found.missingFunctions.join(", ");
    if (missing !== "") log.debug(`functions the library does not have: ${missing}`);
    log.info(`${found.cameras.length} camera(s) attached`);
    this.#watch();
  }

  /** The cameras that are there or may come back. */
  get devices(): readonly CameraDevice[] {
    return [...this.#devices];
  }

  /** What is wrong with cameras that are there but have no device. */
  get warnings(): readonly string[] {
    return this.#unlisted.told;
  }

  /** Disconnects and forgets all cameras. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const grace of this.#graces.values()) clearTimeout(grace);
    const giveUp = () => {
      for (const camera of [...this.#devices, ...this.#leaving]) {
        void camera.abandon("it did not close in time");
      }
    };
    const deadline = setTimeout(giveUp, FAREWELL);
    const scannerClosed = this.#scanner.close();
    await this.#changing;
    await Promise.all([...this.#devices].map((camera) => this.#remove(camera)));
    clearTimeout(deadline);
    await scannerClosed;
  }

  #watch(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      try {
        const [before, usb] = [this.#usb, await this.#surroundings.attached()];
        const isSame = before?.size === usb.size && [...usb].every((id) => before.has(id));
        this.#usb = usb;
        this.#isScanDue ||= !isSame;
        if (this.#isScanDue || this.#isHiddenFromKernel) await this.#scan();
      } catch (error) {
        this.#surroundings.log.warn(`looking for cameras failed: ${error}`);
      }
      this.#watch();
    }, WATCH_PERIOD);
  }

  async #scan(): Promise<ScanResult> {
    // The library may give a camera that comes the number of one that has left: start over with it.
    if (this.#hasSomeoneLeft) await this.#scanner.close();
    this.#hasSomeoneLeft = false;
    const open = [...this.#devices].filter(({ isOpen }) => isOpen);
    const scanning = this.#scanner.scan(open.map(({ identity }) => identity));
    this.#scanning = scanning.catch(() => undefined);
    const found = await scanning;
    if (this.#isClosed) return found;
    this.#isScanDue = false;
    const isSeen = this.#isUsbVisible && found.cameras.length <= (this.#usb?.size ?? 0);
    this.#isHiddenFromKernel = !isSeen && !this.#surroundings.isSimulated;
    if (!this.#isHiddenFromKernel) void this.#scanner.close();
    if (!this.#surroundings.isSimulated) this.#unlisted.tell(found.unlisted);
    await this.#inTurn(() => this.#compare(found));
    // Of several equal cameras that are open, only each itself can tell whether it is still there.
    const isEqual = (one: CameraDevice, other: CameraDevice) =>
      one !== other && one.identity.name === other.identity.name;
    for (const one of open) if (open.some((other) => isEqual(one, other))) one.check();
    return found;
  }

  async #compare({ cameras, libraryPath }: ScanResult): Promise<void> {
    const known = this.#match(cameras);
    const here = new Set(known.values());
    for (const camera of this.#devices) if (!here.has(camera)) this.#detach(camera);
    for (const info of cameras) {
      const camera = known.get(info);
      if (camera === undefined) {
        await this.#add(info, this.#nicknames.get(info.serial ?? "") ?? "", libraryPath);
        continue;
      }
      clearTimeout(this.#graces.get(camera));
      this.#graces.delete(camera);
      camera.attach(info);
    }
  }

  /** The devices of cameras; one that nothing tells apart goes on with that of any equal one. */
  #match(cameras: readonly CameraInfo[]): ReadonlyMap<CameraInfo, CameraDevice> {
    const matches = new Map<CameraInfo, CameraDevice>();
    const free = new Set(this.#devices);
    const take = (info: CameraInfo, isIts: (identity: CameraIdentity) => boolean) => {
      const device = [...free].find(({ identity }) => isIts(identity));
      if (device === undefined) return;
      free.delete(device);
      matches.set(info, device);
    };
    for (const info of cameras) {
      take(info, (identity) => identityKey(identity) === identityKey(info));
    }
    for (const info of cameras) {
      if (matches.has(info) || isDistinct(info)) continue;
      take(info, (identity) => !isDistinct(identity) && identity.name === info.name);
    }
    return matches;
  }

  async #add(info: CameraInfo, nickname: string, libraryPath: string): Promise<CameraDevice> {
    const { env, names, callLog, log } = this.#surroundings;
    const name = await names.choose(info, nickname, this.#present);
    const camera = new CameraDevice(name, info, nickname, {
      ...this.#surroundings,
      launch: { libraryPath, env, onCall: callLog?.(name) },
      untilScanned: async () => void (await this.#scanning),
      onRenamed: (wanted) => {
        this.#inTurn(() => this.#rename(camera, wanted, libraryPath)).catch((error) =>
          log.error(`renaming ${name} failed: ${error}`),
        );
      },
      onGone: () => {
        // The kernel may have it back before anybody has looked.
        this.#usb = undefined;
        this.#detach(camera);
      },
    });
    this.#devices.add(camera);
    await camera.prepare();
    this.#driver.add(camera.device);
    log.info(`${name} is attached`);
    return camera;
  }

  get #present(): ReadonlyMap<string, CameraIdentity> {
    return new Map([...this.#devices].map(({ device, identity }) => [device.name, identity]));
  }

  /** Puts a device of another name in the place of one, with its settings and as connected as it was. */
  async #rename(camera: CameraDevice, nickname: string, libraryPath: string): Promise<void> {
    const { names } = this.#surroundings;
    const { info, device } = camera;
    this.#nicknames.set(info.serial ?? "", nickname);
    const others = new Map([...this.#present].filter(([name]) => name !== device.name));
    const name = await names.choose(info, nickname, others);
    if (this.#isClosed || name === device.name || !this.#devices.has(camera)) return;
    const session = camera.suspend();
    await this.#remove(camera);
    await this.#copySettings(device.name, name);
    const renamed = await this.#add(info, nickname, libraryPath);
    renamed.resume(session);
  }

  /** Saves for a device what is saved for another; its camera does without where that cannot be. */
  async #copySettings(from: string, to: string): Promise<void> {
    const { savedConfig, log } = this.#surroundings;
    try {
      const saved = (await savedConfig(from).load("config", from)) ?? [];
      if (saved.length === 0) return;
      await savedConfig(to).save(saved.map((request) => ({ ...request, device: to })));
    } catch (error) {
      log.warn(`the settings of ${from} cannot be taken over for ${to}: ${error}`);
    }
  }

  #detach(camera: CameraDevice): void {
    if (!camera.isAttached || !this.#devices.has(camera)) return;
    this.#hasSomeoneLeft = true;
    void camera.detach();
    const forget = () => void this.#inTurn(() => this.#remove(camera));
    this.#graces.set(camera, setTimeout(forget, GRACE));
  }

  async #remove(camera: CameraDevice): Promise<void> {
    clearTimeout(this.#graces.get(camera));
    this.#graces.delete(camera);
    this.#devices.delete(camera);
    this.#leaving.add(camera);
    await camera.close();
    await this.#driver.remove(camera.device);
    this.#leaving.delete(camera);
  }

  /** Changes to the set of devices, one after the other. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const result = this.#changing.then(change);
    this.#changing = result.catch(() => undefined);
    return result;
  }
}
