import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { type DaemonProcess, descendantsOf, startDaemon } from "../support/daemon.js";
import { connected, startExposure, TORMENTED, workplace } from "./faults-workplace.js";

const camera = ["--camera", `${TORMENTED}`];
const PATIENCE = { timeout: 10_000 };

/** Makes the daemon look for cameras with a process that knows nothing of earlier looks, as with real cameras. */
async function scanAnew(daemon: DaemonProcess): Promise<void> {
  const scanner = descendantsOf(daemon.pid).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("scan-main"),
  );
  if (scanner === undefined) throw new Error("There is no scan process.");
  process.kill(scanner, "SIGKILL");
  // Two looks: the one that finds its process dead may fail.
  await delay(5_000);
}

test("A camera unplugged in mid-exposure ends it in Alert, disconnects, and works when it is back", async () => {
  const place = await workplace();
  const { daemon, tormented, bystander, messages } = place;
  const undisturbed = bystander.expose(3);
  const exposure = tormented.answer("CCD_EXPOSURE");
  const connection = tormented.answer("CONNECTION");
  await startExposure(place, 30);
  daemon.rig.steer("unplug", ...camera);
  const unplugged = performance.now();

  expect(await exposure).toMatchObject({
    state: "Alert",
    elements: [{ value: "0" }],
    // Whoever finds out first says so: the kernel's view of USB, or the library in the call that comes next.
    message: expect.stringMatching(/ the camera was unplugged\.$|ASI_ERROR_CAMERA_REMOVED/),
  });
  expect(await connection).toMatchObject({ elements: [{ name: "CONNECT", value: "Off" }, {}] });
  expect(performance.now() - unplugged).toBeLessThan(5_000);
  await tormented.client.until(
    () => tormented.client.property(tormented.device, "CCD_EXPOSURE") === undefined,
    PATIENCE,
  );
  expect(tormented.client.devices).toContain(tormented.device);
  await undisturbed;

  expect(await tormented.choose("CONNECTION", "CONNECT")).toMatchObject({ state: "Alert" });
  daemon.rig.steer("plug", ...camera);
  await tormented.client.until(
    () => messages.some((text) => /attached again/.test(text)) && true,
    PATIENCE,
  );
  await tormented.connect();
  const picture = readFits((await tormented.expose(0.01)).data);
  expect(picture).toMatchObject({ width: 1936, height: 1096 });
});

test("An exposure that waits for its turn when its camera is unplugged ends in Alert with the reason", async () => {
  const { daemon, tormented } = await workplace();
  const gain = tormented.answer("CCD_CONTROLS");
  const exposure = tormented.answer("CCD_EXPOSURE");
  daemon.rig.steer("hang", "ASISetControlValue", "6000", ...camera);
  tormented.client.newNumbers(tormented.device, "CCD_CONTROLS", { Gain: 5 });
  tormented.client.newNumbers(tormented.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 1 });
  const busy = () => tormented.client.property(tormented.device, "CCD_CONTROLS")?.state === "Busy";
  await tormented.client.until(busy, PATIENCE);
  daemon.rig.steer("unplug", ...camera);
  const ended = { state: "Alert", message: "[ERROR] Disconnected: the camera was unplugged." };
  expect(await exposure).toMatchObject({ ...ended, elements: [{ value: "0" }] });
  expect(await gain).toMatchObject(ended);
});

/** A workplace whose camera was pulled, with what tells whether its properties are there again. */
async function unplugged() {
  const place = await workplace();
  const { client, device } = place.tormented;
  const isThere = () => client.property(device, "CCD_EXPOSURE") !== undefined;
  place.daemon.rig.steer("unplug", ...camera);
  await client.until(() => !isThere(), PATIENCE);
  return { ...place, client, isThere };
}

test("A camera that is back by itself is not connected again once its client has disconnected it", async () => {
  const { daemon, tormented, client, isThere } = await unplugged();
  daemon.rig.steer("plug", ...camera);
  await client.until(isThere, PATIENCE);
  expect(await tormented.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  // Longer than the rests before all attempts to connect it.
  await delay(5_000);
  expect(isThere()).toBe(false);
});

test("A camera that cannot be connected when it is back is not tried again once its client has disconnected it", async () => {
  const { daemon, tormented, client, isThere } = await unplugged();
  daemon.rig.steer("fail", "ASIInitCamera", "16", "1", ...camera);
  const failed = client.expect(
    (heard) =>
      heard.tag === "set" &&
      heard.name === "CONNECTION" &&
      /ASIInitCamera/.test(`${heard.message}`),
    PATIENCE,
  );
  daemon.rig.steer("plug", ...camera);
  await failed;
  expect(await tormented.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  // Longer than the rests before all attempts to connect it.
  await delay(5_000);
  expect(isThere()).toBe(false);
});

test("A camera that its client disconnects while it is unplugged is not connected when it is back", async () => {
  const { daemon, tormented, client, isThere, messages } = await unplugged();
  expect(await tormented.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  daemon.rig.steer("plug", ...camera);
  await client.until(() => messages.some((text) => /attached again/.test(text)), PATIENCE);
  await delay(1_000);
  expect(isThere()).toBe(false);
});

test("A camera unplugged while nothing is asked of it disconnects by itself", async () => {
  const { daemon, tormented } = await workplace();
  const connection = tormented.answer("CONNECTION");
  daemon.rig.steer("unplug", ...camera);
  expect(await connection).toMatchObject({ elements: [{ name: "CONNECT", value: "Off" }, {}] });
});

test("A camera unplugged during a guide pulse does not leave it Busy", async () => {
  const { daemon, tormented } = await workplace();
  const guiding = tormented.set("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 1500 });
  daemon.rig.steer("unplug", ...camera);
  const outcome = await guiding;
  expect(["Alert", "Idle"]).toContain(outcome.state);
});

test("A camera without a serial number works on when the library numbers it anew", async () => {
  const { daemon, bystander } = await workplace();
  const undisturbed = bystander.expose(7);
  daemon.rig.steer("unplug", ...camera);
  await scanAnew(daemon);
  expect(readFits((await undisturbed).data)).toMatchObject({ width: 1280, height: 960 });
});

test("A camera that is looked at while it is being opened stays the one it is", async () => {
  const daemon = await startDaemon({ models: "ASI2600MC Pro" });
  onTestFinished(() => daemon.stop());
  daemon.rig.steer("hang", "ASIInitCamera", "6000");
  const connecting = connected(daemon, "ZWO CCD ASI2600MC Pro");
  await scanAnew(daemon);
  const { client } = await connecting;
  expect(client.devices).toEqual(["ZWO CCD ASI2600MC Pro"]);
});
