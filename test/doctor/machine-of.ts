import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { CameraInfo } from "../../src/camera/camera-info.js";
import type { ScanResult } from "../../src/camera/process/messages.js";
import { type Machine, machineAt } from "../../src/doctor/machine.js";

/** A machine of files, for one test, with nothing else to be said of it; `->` before a text makes it a link. */
export function machineOf(
  files: Readonly<Record<string, string>>,
  traits: Partial<Machine> = {},
): Machine {
  const root = mkdtempSync(join(tmpdir(), "indi-asid-machine-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ "/home/ada/.profile": "", ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (text.startsWith("->")) symlinkSync(text.slice(2), join(root, path));
    else writeFileSync(join(root, path), text);
  }
  return {
    ...machineAt(root, "/home/ada"),
    pid: 1,
    run: async () => undefined,
    freeBytes: async () => 50e9,
    clock: () => ({ isSynchronised: true, maxError: 0.01 }),
    scheduling: () => "realtime",
    ...traits,
  };
}

/** What the kernel shows of a camera. */
export function usbDevice(
  port: string,
  { product = "ASI2600MC Pro", speed = "5000", version = " 3.20" } = {},
): Record<string, string> {
  const directory = `/sys/bus/usb/devices/${port}`;
  return {
    [`${directory}/idVendor`]: "03c3\n",
    [`${directory}/idProduct`]: "260e\n",
    [`${directory}/product`]: `${product}\n`,
    [`${directory}/speed`]: `${speed}\n`,
    [`${directory}/version`]: `${version}\n`,
    [`${directory}/busnum`]: "2\n",
    [`${directory}/devnum`]: "13\n",
    "/dev/bus/usb/002/013": "",
  };
}

/** What the vendor library tells of a machine with these cameras. */
export function found(...cameras: readonly CameraInfo[]): ScanResult {
  const libraryPath = "/usr/lib/libASICamera2.so.1.37";
  return { libraryPath, sdkVersion: "1, 37", missingFunctions: [], cameras, unlisted: [] };
}
