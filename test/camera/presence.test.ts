import { expect, test } from "vitest";
import { isUsbVisible, usbDevices, usbProducts } from "../../src/camera/presence.js";
import { usbTree } from "../support/usb-tree.js";

const CAMERA = { idVendor: "03c3", idProduct: "620b", devnum: "7" };

test("Devices with ZWO's vendor ID are seen, hubs, others and interfaces are not", async () => {
  const { directory, plug } = usbTree();
  plug("usb1", { idVendor: "1d6b", idProduct: "0003", devnum: "1" });
  plug("1-2", CAMERA);
  plug("1-2:1.0", { bInterfaceClass: "ff" });
  plug("1-3", { idVendor: "046d", idProduct: "c52b", devnum: "3" });
  expect((await usbDevices(directory)).size).toBe(1);
});

test("The same camera plugged in again is another plugging", async () => {
  const { directory, plug, unplug } = usbTree();
  plug("1-2", CAMERA);
  const before = await usbDevices(directory);
  expect(await usbDevices(directory)).toEqual(before);
  unplug("1-2");
  expect(await usbDevices(directory)).toEqual(new Set());
  plug("1-2", { ...CAMERA, devnum: "8" });
  expect(await usbDevices(directory)).not.toEqual(before);
});

test("Two identical cameras are two", async () => {
  const { directory, plug } = usbTree();
  plug("1-2", CAMERA);
  plug("1-3", { ...CAMERA, devnum: "8" });
  expect((await usbDevices(directory)).size).toBe(2);
});

test("A machine without /sys has no devices", async () => {
  expect(await usbDevices("/nowhere/at/all")).toEqual(new Set());
  expect(await isUsbVisible("/nowhere/at/all")).toBe(false);
  const { directory, plug } = usbTree();
  plug("usb1", { idVendor: "1d6b" });
  expect(await isUsbVisible(directory)).toBe(true);
});

test("The products are told with their ports, in the kernel's order", async () => {
  const { directory, plug } = usbTree();
  plug("2-1.4", { ...CAMERA, idProduct: "120a", product: "ASI120MM" });
  plug("1-2", { ...CAMERA, idProduct: "120a", product: "ZWO ASI120MM" });
  plug("1-3", { ...CAMERA, product: "ZWO EFW" });
  plug("1-4", { idVendor: "046d", product: "Mouse" });
  expect(await usbProducts(directory)).toEqual([
    { port: "1-2", product: "ASI120MM", productId: "120a" },
    { port: "1-3", product: "EFW", productId: "620b" },
    { port: "2-1.4", product: "ASI120MM", productId: "120a" },
  ]);
  expect(await usbProducts("/nowhere/at/all")).toEqual([]);
});
