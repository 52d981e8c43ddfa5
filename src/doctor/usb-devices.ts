import { join } from "node:path";
import { USB_DEVICES, VENDOR } from "../camera/presence.js";
import type { Machine } from "./machine.js";

/** A device of the cameras' vendor as the kernel sees it. */
export interface UsbDevice {
  /** As its descriptor has it, such as `ASI2600MC Pro`. */
  readonly product: string;
  /** The kernel's name of the port, such as `2-1.4`. */
  readonly port: string;
  /** In Mbit/s; 480 is USB 2, 5000 and more is USB 3. */
  readonly speed: number;
  /** It can do USB 3, though perhaps not where it is plugged in. */
  readonly isUsb3: boolean;
  /** The file by which programs use it. */
  readonly file: string;
}

/** The vendor's devices; undefined where the kernel shows no USB at all, as in a container. */
export async function usbDevices(machine: Machine): Promise<readonly UsbDevice[] | undefined> {
  const ports = await machine.list(USB_DEVICES);
  if (ports.length === 0) return undefined;
  const devices = await Promise.all(ports.toSorted().map((port) => usbDevice(machine, port)));
  return devices.filter((device) => device !== undefined);
}

async function usbDevice(machine: Machine, port: string): Promise<UsbDevice | undefined> {
  const read = async (name: string) => (await machine.read(join(USB_DEVICES, port, name))) ?? "";
  if ((await read("idVendor")) !== VENDOR) return undefined;
  const number = async (name: string) => (await read(name)).padStart(3, "0");
  return {
    product: (await read("product")).replace(/^ZWO /, "") || `device ${await read("idProduct")}`,
    port,
    speed: Number(await read("speed")),
    // A device of USB 3 in a port of USB 2 says that it is one of USB 2.1.
    isUsb3: Number(await read("version")) > 2,
    file: `/dev/bus/usb/${await number("busnum")}/${await number("devnum")}`,
  };
}
