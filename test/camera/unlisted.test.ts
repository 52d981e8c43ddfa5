import { expect, onTestFinished, test } from "vitest";
import { AsiLibrary } from "../../src/asi/index.js";
import { Scanner } from "../../src/camera/process/scanner.js";
import { describeUnlisted, unlistedCameras } from "../../src/camera/unlisted.js";
import { PROGRAMS, Rig } from "../support/daemon.js";
import { usbTree } from "../support/usb-tree.js";

/** What the library sees is an ASI120MM; what the kernel sees is added by the test. */
function machine() {
  const rig = new Rig("ASI120MM");
  onTestFinished(() => rig.remove());
  const { directory, plug } = usbTree();
  const entry = new URL("../../dist/camera/process/scan-main.js", import.meta.url);
  const scanner = new Scanner(PROGRAMS.simulator, rig.env, { entry, usbDirectory: directory });
  onTestFinished(() => scanner.close());
  const usb = (port: string, product: string, idProduct: string) =>
    plug(port, { idVendor: "03c3", product, idProduct });
  const warnings = async () => (await scanner.scan([])).unlisted.map(describeUnlisted);
  usb("1-1", "ZWO ASI120MM", "120a");
  return { usb, warnings };
}

test("A camera that the library lists is no matter, and neither are filter wheels", async () => {
  const { usb, warnings } = machine();
  usb("1-2", "ZWO EFW", "1f01");
  expect(await warnings()).toEqual([]);
});

test("A camera on USB that the library knows but does not find is told with its port", async () => {
  const { usb, warnings } = machine();
  usb("1-2", "ASI290MM Mini", "290f");
  usb("1-3", "ASI120MM", "120a");
  expect(await warnings()).toEqual([
    "The camera ASI290MM Mini (USB 03c3:290f, port 1-2) is not found by the vendor library: plug it in again, and see that this user may use it (udev rules).",
    "The camera ASI120MM (USB 03c3:120a, port 1-3) is not found by the vendor library: plug it in again, and see that this user may use it (udev rules).",
  ]);
});

test("A camera that is newer than the library is told so", async () => {
  const { usb, warnings } = machine();
  usb("1-2", "ZWO ASI9999MC", "9999");
  expect(await warnings()).toEqual([
    "The camera ASI9999MC (USB 03c3:9999, port 1-2) is unknown to the vendor library: install a newer one.",
  ]);
});

test("A library that cannot be asked for one product is asked for all it knows", () => {
  const rig = new Rig("ASI120MM");
  onTestFinished(() => rig.remove());
  Object.assign(process.env, rig.env);
  const library = AsiLibrary.load(PROGRAMS.simulator);
  const device = { port: "1-2", product: "ASI290MM Mini", productId: "290f" };
  library.has = (name) => name !== "ASICameraCheck";
  expect(unlistedCameras(library, [], [device])).toEqual([{ ...device, isKnown: true }]);
});
