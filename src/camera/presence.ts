import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** ZWO's USB vendor ID, in hexadecimal digits; its filter wheels and focusers have it too. */
export const VENDOR = "03c3";

/** Where the kernel shows what is on USB. */
export const USB_DEVICES = "/sys/bus/usb/devices";

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

/** One of ZWO's devices on USB, as it tells of itself. */
export interface UsbProduct {
  /** The kernel's path of the USB port, such as `1-2`. */
  readonly port: string;
  /** Without the brand, such as `ASI120MM`. */
  readonly product: string;
  /** Hexadecimal digits. */
  readonly productId: string;
}

/** ZWO's devices on USB, sorted as the USB library under the vendor's goes through them at its start. */
export async function usbProducts(directory = USB_DEVICES): Promise<readonly UsbProduct[]> {
  const names = (await readdir(directory).catch(() => [])).sort();
  const products: UsbProduct[] = [];
  for (const port of names) {
    const read = async (file: string) =>
      (await readFile(join(directory, port, file), "latin1").catch(() => "")).trim();
    if ((await read("idVendor")) !== VENDOR) continue;
    const product = (await read("product")).replace(/^ZWO /, "");
    products.push({ port, product, productId: await read("idProduct") });
  }
  return products;
}

async function plugging(path: string): Promise<string | undefined> {
  const read = (file: string) => readFile(join(path, file), "latin1").catch(() => "");
  if ((await read("idVendor")).trim() !== VENDOR) return undefined;
  return `${path} ${(await read("idProduct")).trim()} ${(await read("devnum")).trim()}`;
}
