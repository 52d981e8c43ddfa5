import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resetOnBus, usbFile } from "../../src/camera/process/usb-reset.js";

interface Device {
  readonly idVendor: string;
  readonly product: string;
  readonly busnum: string;
  readonly devnum: string;
}

const CAMERA: Device = { idVendor: "03c3", product: "ASI2600MC Pro", busnum: "2", devnum: "17" };

/** What the kernel shows of these devices. */
function bus(...devices: readonly Device[]): string {
  const directory = mkdtempSync(join(tmpdir(), "usb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  devices.forEach((device, index) => {
    mkdirSync(join(directory, `2-${index}`));
    for (const [name, text] of Object.entries(device)) {
      writeFileSync(join(directory, `2-${index}`, name), `${text}\n`);
    }
  });
  return directory;
}

test("a camera is found by its model among other devices", async () => {
  const wheel = { ...CAMERA, product: "EFW", devnum: "4" };
  const other = { ...CAMERA, idVendor: "1234", devnum: "5" };
  const directory = bus(wheel, other, CAMERA);
  expect(await usbFile({ name: "ZWO ASI2600MC Pro" }, directory)).toBe("/dev/bus/usb/002/017");
});

test("one of two cameras of a model is not guessed", async () => {
  const directory = bus(CAMERA, { ...CAMERA, devnum: "18" });
  expect(await usbFile({ name: "ZWO ASI2600MC Pro" }, directory)).toBeUndefined();
});

test("one of two cameras of a model is found at the port it is known to be at", async () => {
  const directory = bus(CAMERA, { ...CAMERA, devnum: "18" });
  const camera = { name: "ZWO ASI2600MC Pro", port: "2-1" };
  expect(await usbFile(camera, directory)).toBe("/dev/bus/usb/002/018");
});

test("a camera that the kernel does not show is not reset", async () => {
  expect(await usbFile({ name: "ZWO ASI2600MC Pro" }, bus())).toBeUndefined();
  expect(await resetOnBus({ name: "ZWO ASI2600MC Pro" }, bus())).toMatch(
    /^The camera was not reset: the system shows no USB device/,
  );
});

test("a camera whose device cannot be written to is not reset, and it is said what is needed", async () => {
  // No bus has that many devices.
  const directory = bus({ ...CAMERA, busnum: "999", devnum: "999" });
  expect(await resetOnBus({ name: "ZWO ASI2600MC Pro" }, directory)).toMatch(
    /^The camera was not reset: .*must be allowed to write to \/dev\/bus\/usb\/999\/999 \(udev rules\)\.$/,
  );
});
