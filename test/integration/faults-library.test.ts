import { describe, expect, onTestFinished, test } from "vitest";
import { Rig, startDriver } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { startExposure, TORMENTED, workplace } from "./faults-workplace.js";

const GENERAL_ERROR = "16";
const CAMERA_REMOVED = "5";
const TIMES = "1000";
const camera = ["--camera", `${TORMENTED}`];

const ENDED_IN_ALERT = { state: "Alert", elements: [{ name: "CCD_EXPOSURE_VALUE", value: "0" }] };

describe("an exposure that the library", () => {
  test("refuses to start twice succeeds at the third attempt, and says so", async () => {
    const { daemon, tormented, messages } = await workplace();
    daemon.rig.steer("fail", "ASIStartExposure", GENERAL_ERROR, "2", ...camera);
    await tormented.expose(0.01);
    expect(messages.filter((text) => /Exposing again|attempt/.test(text))).toEqual([
      expect.stringMatching(/ASI_ERROR_GENERAL_ERROR.*attempt 3/),
    ]);
  });

  test("always refuses to start ends in one Alert with the value 0", async () => {
    const { daemon, tormented } = await workplace();
    daemon.rig.steer("fail", "ASIStartExposure", GENERAL_ERROR, TIMES, ...camera);
    const alerts: unknown[] = [];
    tormented.client
      .expect((heard) => {
        const isAlert =
          heard.tag === "set" && heard.name === "CCD_EXPOSURE" && heard.state === "Alert";
        if (isAlert) alerts.push(heard);
        return false;
      })
      .catch(() => undefined);
    const outcome = await tormented.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(outcome).toMatchObject({
      ...ENDED_IN_ALERT,
      message: "[ERROR] ASIStartExposure failed (ASI_ERROR_GENERAL_ERROR).",
    });
    daemon.rig.steer("clear");
    await tormented.expose(0.01);
    expect(alerts).toHaveLength(1);
  });

  test("reports as failed is taken again, and the clients are told", async () => {
    const { daemon, tormented, messages } = await workplace();
    daemon.rig.steer("exposure-fail", "1", ...camera);
    await tormented.expose(0.01);
    expect(messages).toContainEqual(expect.stringMatching(/ASI_EXP_FAILED.*attempt 2/));
  });

  test("reports as failed whatever is done about it ends in Alert", async () => {
    const { daemon, tormented } = await workplace();
    daemon.rig.steer("exposure-fail", "9", ...camera);
    const outcome = await tormented.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(outcome).toMatchObject({
      ...ENDED_IN_ALERT,
      message: expect.stringMatching(/ASI_EXP_FAILED/),
    });
    await tormented.expose(0.01);
  });

  test("never ends is an Alert when its picture is overdue, and the next one works", async () => {
    const { daemon, tormented } = await workplace();
    await tormented.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 32 });
    daemon.rig.steer("exposure-stuck", "1", ...camera);
    const began = performance.now();
    const outcome = await tormented.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.1 });
    expect(outcome).toMatchObject({
      ...ENDED_IN_ALERT,
      message: expect.stringMatching(/did not deliver the picture within 5\.0 s/),
    });
    expect(performance.now() - began).toBeLessThan(5_100 + 2_000);
    await tormented.expose(0.01);
  });

  test("gives no picture of ends in Alert with the value 0", async () => {
    const { daemon, tormented } = await workplace();
    daemon.rig.steer("fail", "ASIGetDataAfterExp", GENERAL_ERROR, TIMES, ...camera);
    const outcome = await tormented.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(outcome).toMatchObject({
      ...ENDED_IN_ALERT,
      message: expect.stringMatching(/ASIGetDataAfterExp failed/),
    });
    daemon.rig.steer("clear");
    await tormented.expose(0.01);
  });

  test("has given before it was found to be gone is not lost", async () => {
    const { daemon, tormented } = await workplace();
    // Asked after the picture, for what goes into its header.
    daemon.rig.steer("fail", "ASIGetCameraPropertyByID", CAMERA_REMOVED, "1", ...camera);
    await tormented.expose(0.01);
  });

  test("gives only at the second try is not lost", async () => {
    const { daemon, tormented } = await workplace();
    daemon.rig.steer("fail", "ASIGetDataAfterExp", GENERAL_ERROR, "1", ...camera);
    await tormented.expose(0.01);
  });

  test("hangs in while reading it out ends in Alert at the deadline, and the next one works", async () => {
    const { daemon, tormented } = await workplace();
    await tormented.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 32 });
    await tormented.set("CCD_CONTROLS", { Gain: 55 });
    daemon.rig.steer("hang", "ASIGetDataAfterExp", "3600000", "1", ...camera);
    const began = performance.now();
    const outcome = await tormented.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.1 });
    expect(outcome).toMatchObject({ ...ENDED_IN_ALERT, message: expect.stringMatching(/8\.1 s/) });
    expect(performance.now() - began).toBeLessThan(8_100 + 2_000);
    await tormented.expose(0.01);
  });
});

test("An abort while the library hangs is answered in time, and the next exposure works", async () => {
  const place = await workplace();
  const { daemon, tormented } = place;
  daemon.rig.steer("hang", "ASIGetExpStatus", "3600000", "1", ...camera);
  await startExposure(place, 0.05);
  await eventually("the call hangs", () => !daemon.rig.steer("status").includes("hang"));
  const began = performance.now();
  const exposure = tormented.answer("CCD_EXPOSURE");
  await tormented.choose("CCD_ABORT_EXPOSURE", "ABORT");
  expect(performance.now() - began).toBeLessThan(10_000 + 2_000);
  expect(await exposure).toMatchObject({ state: "Idle", elements: [{ value: "0" }] });
  await tormented.expose(0.01);
}, 40_000);

test("A control that hangs ends in Alert while the other camera takes pictures", async () => {
  const { daemon, tormented, bystander } = await workplace();
  daemon.rig.steer("hang", "ASISetControlValue", "3600000", "1", ...camera);
  const outcome = tormented.set("CCD_CONTROLS", { Gain: 42 });
  for (let pictures = 0; pictures < 5; pictures++) await bystander.expose(0.2);
  expect(await outcome).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/not answered in 8\.0 s/),
  });
  expect(await tormented.set("CCD_CONTROLS", { Gain: 42 })).toMatchObject({ state: "Ok" });
});

test("A library that prints to standard output does not disturb indiserver", async () => {
  const rig = new Rig("ASI120MM");
  for (const call of ["ASIGetNumOfConnectedCameras", "ASIInitCamera", "ASIStartExposure"]) {
    rig.steer("print", call);
  }
  const { program, peer } = startDriver(rig);
  onTestFinished(() => rig.remove());
  const device = "ZWO CCD ASI120MM";
  peer.send('<getProperties version="1.7"/>');
  await peer.expect("defSwitchVector", { device, name: "CONNECTION" });
  peer.send(
    `<newSwitchVector device="${device}" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
  );
  await peer.expect("defTextVector", { device, name: "SDK" });
  peer.send(
    `<newNumberVector device="${device}" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>`,
  );
  await peer.expect("setBLOBVector", { device, name: "CCD1" });
  await peer.expect("setNumberVector", { device, name: "CCD_EXPOSURE", state: "Ok" });
  expect(program.stderr).toMatch(/ASIInitCamera prints to stdout/);
  expect(program.stderr).toMatch(/ASIStartExposure prints to stdout/);
  await program.expectEnd(() => peer.close());
});
