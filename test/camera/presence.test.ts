import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { usbDevices } from "../../src/camera/presence.js";

/** A tree such as the kernel's /sys/bus/usb/devices, for one test. */
function usbTree() {
  const directory = mkdtempSync(join(tmpdir(), "usb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return {
    directory,
    plug(port: string, files: Readonly<Record<string, string>>) {
      mkdirSync(join(directory, port), { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(directory, port, name), `${text}\n`);
      }
    },
    unplug: (port: string) => rmSync(join(directory, port), { recursive: true }),
  };
}

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
});
