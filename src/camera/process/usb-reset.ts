import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { resetUsb } from "../../posix/index.js";
import { USB_DEVICES, VENDOR } from "../presence.js";

/** What is known of a camera that is to be found on the bus. */
export interface UsbCamera {
  readonly name: string;
  /** The kernel's path of its USB port, where that is known. */
  readonly port?: string | undefined;
}

/**
 * Resets a camera on the bus as if it were plugged again; it keeps its address. Answers why that was not done, in
 * words, or undefined where it was.
 */
export async function resetOnBus(
  camera: UsbCamera,
  directory?: string,
): Promise<string | undefined> {
  const path = await usbFile(camera, directory);
  if (path === undefined) {
    return "The camera was not reset: the system shows no USB device, or more than one, that may be it. Pull its cable and plug it in again.";
  }
  try {
    const file = await open(path, "w");
    try {
      await resetUsb(file.fd);
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    return `The camera was not reset: ${reason}. This program must be allowed to write to ${path} (udev rules).`;
  }
}

/** The file of the one USB device with a camera's name, at its port; undefined where there is none, or more than one. */
export async function usbFile(
  { name, port }: UsbCamera,
  directory = USB_DEVICES,
): Promise<string | undefined> {
  const ports = port === undefined ? await readdir(directory).catch(() => []) : [port];
  const files = await Promise.all(ports.map((entry) => fileOf(join(directory, entry), name)));
  const found = files.filter((file) => file !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

async function fileOf(path: string, name: string): Promise<string | undefined> {
  const read = async (file: string) =>
    (await readFile(join(path, file), "latin1").catch(() => "")).trim();
  if ((await read("idVendor")) !== VENDOR) return undefined;
  const product = await read("product");
  if (name !== product && name !== `ZWO ${product}`) return undefined;
  const [bus, device] = [await read("busnum"), await read("devnum")];
  return `/dev/bus/usb/${bus.padStart(3, "0")}/${device.padStart(3, "0")}`;
}
