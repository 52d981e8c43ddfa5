import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../src/camera/clock.js";
import { Scanner } from "../src/camera/process/scanner.js";
import { CameraNames } from "../src/camera-names.js";
import { Cameras } from "../src/cameras.js";
import { FileRoots } from "../src/ccd/file-roots.js";
import { Driver } from "../src/indi/driver.js";
import { Nicknames } from "../src/indi/nicknames.js";
import { SavedConfig } from "../src/indi/saved-config.js";
import { type Log, openLog } from "../src/log.js";
import { PROGRAMS, Rig } from "./support/daemon.js";
import { conversation, serving } from "./support/serving.js";
import { usbTree } from "./support/usb-tree.js";

const BUILT = new URL("../dist/camera/process/", import.meta.url);

test("clients hear of a camera on USB that the vendor library does not find", async () => {
  const rig = new Rig("ASI120MM");
  onTestFinished(() => rig.remove());
  const { directory, plug } = usbTree();
  plug("1-1", { idVendor: "03c3", idProduct: "120a", product: "ASI120MM" });
  plug("1-2", { idVendor: "03c3", idProduct: "290f", product: "ASI290MM Mini" });
  const driver = new Driver();
  const { port } = await serving(driver);
  const peer = await conversation(port);
  peer.send(`<getProperties version="1.7"/>`);
  await peer.hearAll();
  const scanner = new Scanner(PROGRAMS.simulator, rig.env, {
    entry: new URL("scan-main.js", BUILT),
    usbDirectory: directory,
  });
  const file = new Nicknames(join(rig.home, "names.xml"), "ZWO CCD");
  const log: Log = openLog("error");
  const cameras = new Cameras(driver, scanner, {
    clock: systemClock,
    log,
    env: rig.env,
    messageFile: { path: "", write: () => undefined },
    snoop: driver.snoop,
    nicknames: file,
    legacyNicknames: async () => new Map(),
    names: new CameraNames(file),
    savedConfig: (device) => new SavedConfig(join(rig.home, `${device}.xml`)),
    fileRoots: new FileRoots([rig.home]),
    isSimulated: false,
  });
  onTestFinished(() => cameras.close());
  await cameras.start();
  const { attributes } = await peer.expect("message", {});
  expect(attributes).toMatchObject({
    message: expect.stringMatching(
      /^\[WARNING\] The camera ASI290MM Mini \(USB 03c3:290f, port 1-2\) is not found by/,
    ),
  });
  expect(attributes.device).toBeUndefined();
});
