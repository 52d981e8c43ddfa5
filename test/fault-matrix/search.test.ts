import { expect, onTestFinished, test } from "vitest";
import { Scanner } from "../../src/camera/process/scanner.js";
import { PROGRAMS } from "../support/daemon.js";
import { findCameras } from "../support/simulated-camera.js";
import { usbTree } from "../support/usb-tree.js";
import { faults, nonsense } from "./faults.js";
import { SEARCH } from "./search-calls.js";

const ENTRY = new URL("../../dist/camera/process/scan-main.js", import.meta.url);

/** Long enough for a process to start on a busy machine, in milliseconds. */
const DEADLINE = 4_000;

const COMBINATIONS = [
  ...SEARCH.calls.flatMap((call) => faults("typical").map((fault) => ({ call, fault }))),
  ...SEARCH.finding.flatMap((call) => nonsense("typical").map((fault) => ({ call, fault }))),
];

test(`Each of ${COMBINATIONS.length} faults in a search for cameras is over in time, and the next search finds them`, async () => {
  const { rig, cameras } = await findCameras("ASI120MM-S,ASI120MM-S");
  const { directory: usbDirectory, plug } = usbTree();
  // On USB, but not listed.
  plug("1-1", { idVendor: "03c3", idProduct: "120a", product: "ASI120MM" });
  const scanner = new Scanner(PROGRAMS.simulator, rig.env, {
    entry: ENTRY,
    deadline: DEADLINE,
    usbDirectory,
  });
  onTestFinished(() => scanner.close());
  const serials = cameras.map(({ serial }) => serial);
  const complaints: string[] = [];
  for (const { call, fault } of COMBINATIONS) {
    const complain = (what: string) => complaints.push(`${call}, ${fault.name}: ${what}`);
    rig.steer(...fault.order(call));
    const began = performance.now();
    await scanner.scan([]).catch(() => undefined);
    if (performance.now() - began > DEADLINE + 2_000) complain("it took too long");
    rig.steer("clear");
    const found = await scanner.scan([]).catch((error: Error) => complain(error.message));
    if (typeof found !== "object") continue;
    if (found.cameras.map(({ serial }) => serial).join() !== serials.join()) {
      complain(`found ${found.cameras.map(({ name, serial }) => `${name} ${serial}`)}`);
    }
  }
  expect(complaints).toEqual([]);
}, 240_000);
