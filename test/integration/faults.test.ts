import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { descendantsOf, isAlive } from "../support/daemon.js";
import { callsFor, cameraProcess, eventually } from "../support/steering.js";
import { cooledCamera, startExposure, TORMENTED, workplace } from "./faults-workplace.js";

/** Longer than any process needs to die and be replaced, in milliseconds. */
const SOON = 2_000;

/** What a picture may take beside its exposure, in milliseconds: a camera that waits for another's fault takes seconds. */
const UNDISTURBED = 1_000;

const SMALL_FRAME = { X: 100, Y: 50, WIDTH: 64, HEIGHT: 32 };

test("A camera process that dies in mid-exposure costs that exposure and nothing else", async () => {
  const place = await workplace();
  const { daemon, tormented, bystander, messages } = place;
  await tormented.set("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
  await tormented.set("CCD_FRAME", SMALL_FRAME);
  await tormented.set("CCD_CONTROLS", { Gain: 123, Offset: 7 });

  const undisturbed = bystander.expose(2);
  const began = performance.now();
  const outcome = tormented.answer("CCD_EXPOSURE");
  await startExposure(place, 30);
  const killed = performance.now();
  process.kill(cameraProcess(daemon.rig, TORMENTED), "SIGKILL");

  expect(await outcome).toMatchObject({
    state: "Alert",
    elements: [{ name: "CCD_EXPOSURE_VALUE", value: "0" }],
    message: expect.stringMatching(/^\[ERROR\] .*SIGKILL/),
  });
  expect(performance.now() - killed).toBeLessThan(SOON);
  await undisturbed;
  expect(performance.now() - began).toBeLessThan(2_000 + UNDISTURBED);

  const picture = readFits((await tormented.expose(0.01)).data);
  expect(picture).toMatchObject({ width: 32, height: 16 });
  expect(Object.fromEntries(picture.keywords)).toMatchObject({
    XBINNING: 2,
    XORGSUBF: 50,
    YORGSUBF: 25,
    GAIN: 123,
    OFFSET: 7,
  });
  expect(messages).toContainEqual(expect.stringMatching(/being replaced/));
  expect(messages).toContainEqual(expect.stringMatching(/works again, with its settings restored/));
});

test("A camera process that hangs in mid-exposure is replaced at its deadline", async () => {
  const place = await workplace();
  const { daemon, tormented, bystander } = place;
  await tormented.set("CCD_FRAME", SMALL_FRAME);
  await tormented.set("CCD_CONTROLS", { Gain: 77 });
  const outcome = tormented.answer("CCD_EXPOSURE");
  await startExposure(place, 0.5);
  const began = performance.now();
  const hung = cameraProcess(daemon.rig, TORMENTED);
  process.kill(hung, "SIGSTOP");

  for (let pictures = 0; pictures < 3; pictures++) {
    const exposing = performance.now();
    await bystander.expose(1);
    expect(performance.now() - exposing).toBeLessThan(1_000 + UNDISTURBED);
  }
  expect(await outcome).toMatchObject({
    state: "Alert",
    elements: [{ value: "0" }],
    message: expect.stringMatching(/^\[ERROR\] .*not answered in 8\.5 s/),
  });
  expect(performance.now() - began).toBeLessThan(8_500 + SOON);
  expect(isAlive(hung)).toBe(false);
  const { keywords } = readFits((await tormented.expose(0.01)).data);
  expect(Object.fromEntries(keywords)).toMatchObject({ GAIN: 77, NAXIS1: 64, NAXIS2: 32 });
});

test("A library that aborts the process inside a call costs the request it was called for", async () => {
  const { daemon, tormented } = await workplace();
  for (const call of ["ASIStartExposure", "ASIGetExpStatus", "ASIGetDataAfterExp"]) {
    daemon.rig.steer("crash", call);
    const began = performance.now();
    await expect(tormented.expose(0.05)).rejects.toThrow(
      "The camera process ended: signal SIGABRT.",
    );
    expect(performance.now() - began).toBeLessThan(SOON);
    await tormented.expose(0.01);
  }
});

test("The cooler stays on while the process of its camera is replaced", async () => {
  const { daemon, observer } = await cooledCamera();
  observer.client.newNumbers(observer.device, "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 });
  const isOn = () => / -5 +on /.test(daemon.rig.steer("status"));
  await eventually("the cooler is on", isOn);
  const victim = cameraProcess(daemon.rig, 0);
  process.kill(victim, "SIGKILL");
  await eventually("another process has it", () => cameraProcess(daemon.rig, 0) !== victim);
  await observer.expose(0.001);
  expect(isOn()).toBe(true);
  const COOLER_ON = "17";
  const orders = callsFor(daemon.rig, 0).filter(
    ({ name, args }) => name === "ASISetControlValue" && args[0] === COOLER_ON,
  );
  expect(orders.map(({ args }) => args[1])).not.toContain("0");
});

test("Twenty deaths leave no process and no descriptor behind", async () => {
  const { daemon, tormented } = await workplace();
  const descriptors = () => readdirSync(`/proc/${daemon.pid}/fd`).length;
  const dieAndReturn = async () => {
    const victim = cameraProcess(daemon.rig, TORMENTED);
    process.kill(victim, "SIGKILL");
    await eventually("another has it", () => cameraProcess(daemon.rig, TORMENTED) !== victim);
    await tormented.expose(0.001);
  };
  await dieAndReturn();
  const before = { descriptors: descriptors(), processes: descendantsOf(daemon.pid).length };
  for (let death = 0; death < 20; death++) await dieAndReturn();
  expect({
    descriptors: descriptors(),
    processes: descendantsOf(daemon.pid).length,
  }).toEqual(before);
}, 60_000);

test("A camera process that hangs in mid-exposure does not keep the daemon from ending in time", async () => {
  const place = await workplace();
  await startExposure(place, 30);
  process.kill(cameraProcess(place.daemon.rig, TORMENTED), "SIGSTOP");
  // The daemon ends with the test, in time and leaving nothing behind, or fails it.
});
