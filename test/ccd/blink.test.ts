import { expect, test } from "vitest";
import { Client, lines, linesOf } from "../contract/client.js";
import { callsFor } from "../support/steering.js";
import { cameraAt } from "./camera-at.js";

/** Somebody at a camera who hears every word about it, with exposures of `seconds` before each picture. */
async function blinking(count: number, seconds: number) {
  const { daemon, observer } = await cameraAt("ASI120MM");
  await observer.set("BLINK", { BLINK_COUNT: count, BLINK_DURATION: seconds });
  const client = await Client.at(daemon.port, observer.device);
  client.getProperties(observer.device).enableBlob("Also", observer.device);
  await client.peer.hearAll();
  return { rig: daemon.rig, client };
}

test("a picture counts down its own time, from the end of the blinks before it", async () => {
  const { client } = await blinking(2, 0.3);
  const began = performance.now();
  client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 1.5 });
  const said = await client.peer.hearUntil("setNumberVector", {
    name: "CCD_EXPOSURE",
    state: "Ok",
  });
  expect(performance.now() - began).toBeGreaterThanOrEqual(2_100);
  expect(linesOf(said, "CCD_EXPOSURE")).toEqual([
    "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=1.5",
    "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=1",
    "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0",
    "CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0",
  ]);
});

test("a blink that fails ends the exposure in Alert with the value 0, before the picture", async () => {
  const { rig, client } = await blinking(1, 0.01);
  rig.steer("exposure-fail", "9");
  client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  const alert = await client.settled("Number", "CCD_EXPOSURE");
  expect(lines([alert])).toEqual([
    expect.stringMatching(/^CCD_EXPOSURE Alert CCD_EXPOSURE_VALUE=0 \[ERROR\] .*ASI_EXP_FAILED/),
  ]);
  const starts = callsFor(rig, 0).filter(({ name }) => name === "ASIStartExposure");
  // Three starts, three after the camera was opened again, and three in a new process: all in the dark.
  expect(starts.map(({ args }) => args[0])).toEqual(Array(9).fill("1"));
  client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  expect((await client.picture()).format).toBe(".fits");
});
