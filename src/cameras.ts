import type { CameraInfo } from "./camera/camera-info.js";
import { usbDevices } from "./camera/presence.js";
import type { ScanResult } from "./camera/process/messages.js";
import type { Scanner } from "./camera/process/scanner.js";
import { CameraDevice, type CameraSurroundings, DRIVER_NAME } from "./camera-device.js";
import type { Driver } from "./indi/driver.js";

/** How often the kernel is asked for USB devices, in milliseconds. */
const WATCH_PERIOD = 2_000;

/** How long the device of an unplugged camera stays, for the camera to come back, in milliseconds. */
const GRACE = 60_000;

/** How long cameras may take to close when the program ends, in milliseconds. */
const FAREWELL = 1_500;

type Surroundings = Omit<CameraSurroundings, "launch"> & { readonly env: NodeJS.ProcessEnv };

/**
 * The cameras of the machine as devices of the driver: who is there, under which name, who went away.
 *
 * The vendor library is asked only when the kernel's view of USB has changed; where the library sees cameras
 * that the kernel does not (a simulator, a container without /sys) it is asked all the time.
 */
export class Cameras {
  readonly #driver: Driver;
  readonly #scanner: Scanner;
  readonly #surroundings: Surroundings;
  readonly #devices = new Map<string, CameraDevice>();
  readonly #graces = new Map<string, NodeJS.Timeout>();
  #nicknames: ReadonlyMap<string, string> = new Map();
  #usb: ReadonlySet<string> = new Set();
  #isHiddenFromKernel = false;
  /** USB has changed since the last scan that succeeded. */
  #isScanDue = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(driver: Driver, scanner: Scanner, surroundings: Surroundings) {
    this.#driver = driver;
    this.#scanner = scanner;
    this.#surroundings = surroundings;
  }

  /** Finds the cameras of now and goes on watching; throws NoLibraryError without a vendor library. */
  async start(): Promise<void> {
    this.#nicknames = await this.#surroundings.nicknames.all();
    this.#usb = await usbDevices();
    const found = await this.#scan();
    const { log } = this.#surroundings;
    log.info(`vendor library ${found.libraryPath}, version ${found.sdkVersion}`);
    const missing = found.missingFunctions.join(", ");
    if (missing !== "") log.debug(`functions the library does not have: ${missing}`);
    log.info(`${found.cameras.length} camera(s) attached`);
    this.#watch();
  }

  /** Disconnects and forgets all cameras. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const grace of this.#graces.values()) clearTimeout(grace);
    this.#scanner.close();
    await Promise.all([...this.#devices.values()].map((camera) => this.#end(camera)));
  }

  /** Disconnects and deletes a camera's device; one that hangs meanwhile is given up. */
  async #end(camera: CameraDevice): Promise<void> {
    const giveUp = () => void camera.abandon("it did not close in time");
    const deadline = setTimeout(giveUp, FAREWELL);
    await this.#driver.remove(camera.device);
    clearTimeout(deadline);
  }

  #watch(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      try {
        const usb = await usbDevices();
        const isSame = usb.size === this.#usb.size && [...usb].every((id) => this.#usb.has(id));
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
    const open = [...this.#devices.values()].filter(({ isOpen }) => isOpen);
    const found = await this.#scanner.scan(open.map(({ identity }) => identity));
    if (this.#isClosed) return found;
    this.#isScanDue = false;
    this.#isHiddenFromKernel = found.cameras.length > this.#usb.size;
    if (!this.#isHiddenFromKernel) this.#scanner.close();
    const there = byKey(found.cameras.map((info) => this.#recognised(info, found.cameras)));
    for (const [key, info] of there) this.#attach(key, info, found.libraryPath);
    for (const [key, camera] of this.#devices) if (!there.has(key)) this.#detach(key, camera);
    return found;
  }

  /** A camera that we were opening while it was looked at did not tell its serial number. */
  #recognised(info: CameraInfo, found: readonly CameraInfo[]): CameraInfo {
    if (info.serial !== undefined) return info;
    const told = new Set(found.map(({ serial }) => serial));
    const ours = [...this.#devices.values()].find(
      ({ isOpen, identity }) => isOpen && identity.name === info.name && !told.has(identity.serial),
    );
    return ours === undefined ? info : { ...info, serial: ours.identity.serial };
  }

  #attach(key: string, info: CameraInfo, libraryPath: string): void {
    clearTimeout(this.#graces.get(key));
    this.#graces.delete(key);
    const known = this.#devices.get(key);
    if (known !== undefined) {
      known.attach(info);
      return;
    }
    const nickname = this.#nicknames.get(info.serial ?? "") ?? "";
    const { env } = this.#surroundings;
    const camera = new CameraDevice(this.#nameFor(info, nickname), info, nickname, {
      ...this.#surroundings,
      launch: { libraryPath, env },
    });
    this.#devices.set(key, camera);
    this.#driver.add(camera.device);
    this.#surroundings.log.info(`${camera.device.name} is attached`);
  }

  #detach(key: string, camera: CameraDevice): void {
    if (!camera.isAttached) return;
    void camera.detach();
    const forget = () => {
      this.#graces.delete(key);
      this.#devices.delete(key);
      void this.#driver.remove(camera.device);
    };
    this.#graces.set(key, setTimeout(forget, GRACE));
  }

  /** Clients look for the driver's name in front; the model follows without its maker, or the user's own name. */
  #nameFor({ name }: CameraInfo, nickname: string): string {
    const model = nickname === "" ? name.replace(/^ZWO /, "") : nickname;
    const plain = model.startsWith(DRIVER_NAME) ? model : `${DRIVER_NAME} ${model}`;
    const taken = new Set(this.#driver.devices.map((device) => device.name));
    let candidate = plain;
    for (let number = 1; taken.has(candidate); number++) candidate = `${plain} ${number}`;
    return candidate;
  }
}

/**
 * Cameras by what stays theirs while they come and go: the serial number, or for one without it its place
 * among those of its model. The library's numbers change with the set of cameras.
 */
function byKey(cameras: readonly CameraInfo[]): ReadonlyMap<string, CameraInfo> {
  const keyed = new Map<string, CameraInfo>();
  for (const info of cameras) {
    const name = info.serial === undefined ? info.name : `${info.name}/${info.serial}`;
    let key = name;
    for (let place = 2; keyed.has(key); place++) key = `${name} ${place}`;
    keyed.set(key, info);
  }
  return keyed;
}
