import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** ZWO's USB vendor ID; its filter wheels and focusers have it too. */
const VENDOR = "03c3";

const USB_DEVICES = "/sys/bus/usb/devices";

/**
 * The ZWO devices on the machine's USB, as the kernel sees them: one text for each plugging, another one
 * after it was unplugged and plugged again. Asking disturbs no camera. Empty where there is no /sys.
 */
export async function usbDevices(directory = USB_DEVICES): Promise<ReadonlySet<string>> {
  const names = await readdir(directory).catch(() => []);
  const devices = await Promise.all(names.map((name) => plugging(join(directory, name))));
  return new Set(devices.filter((device) => device !== undefined));
}

/** Whether the kernel shows its USB devices at all; a container may be without. */
export async function isUsbVisible(directory = USB_DEVICES): Promise<boolean> {
  return (await readdir(directory).catch(() => [])).length > 0;
}

/**
 * The USB ports that have a camera of each product, by the kernel's path of the port. They are sorted as the
 * USB library under the vendor's goes through them at its start.
 */
export async function usbPorts(
  directory = USB_DEVICES,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = (await readdir(directory).catch(() => [])).sort();
  const ports = new Map<string, string[]>();
  for (const name of names) {
    const read = (file: string) => readFile(join(directory, name, file), "latin1").catch(() => "");
    if ((await read("idVendor")).trim() !== VENDOR) continue;
    const product = (await read("product")).trim().replace(/^ZWO /, "");
    ports.set(product, [...(ports.get(product) ?? []), name]);
  }
  return ports;
}

async function plugging(path: string): Promise<string | undefined> {
  const read = (file: string) => readFile(join(path, file), "latin1").catch(() => "");
  if ((await read("idVendor")).trim() !== VENDOR) return undefined;
  return `${path} ${(await read("idProduct")).trim()} ${(await read("devnum")).trim()}`;
}
