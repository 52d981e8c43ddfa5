import { expect, onTestFinished, test } from "vitest";
import { AsiCamera, AsiLibrary, numOfConnectedCameras } from "../../src/asi/index.js";
import { systemClock } from "../../src/camera/clock.js";
import { CameraFailure } from "../../src/camera/errors.js";
import { type Snap, type SnapEvents, takeSnap } from "../../src/camera/exposure.js";
import { SdkQueue } from "../../src/camera/sdk-queue.js";
import { PROGRAMS, Rig } from "../support/daemon.js";
import { callsFor } from "../support/steering.js";

// The library reads its environment in its first call, so all tests of this file share one camera.
const rig = new Rig("ASI120MM");
Object.assign(process.env, rig.env);
const library = AsiLibrary.load(PROGRAMS.simulator);

/** The camera, opened for one test without faults left over from another. */
async function snapper() {
  await numOfConnectedCameras(library);
  rig.steer("clear");
  const asi = new AsiCamera(library, 0);
  onTestFinished(() => asi.close());
  await asi.open();
  await asi.init();
  const earlier = callsFor(rig, 0).length;
  const pauses: number[] = [];
  const starts: { attempt: number; reason?: string }[] = [];
  const countdown: number[] = [];
  const clock = {
    ...systemClock,
    sleep(milliseconds: number, signal?: AbortSignal) {
      pauses.push(milliseconds);
      return systemClock.sleep(milliseconds, signal);
    },
  };
  const events: SnapEvents = {
    onStart: (start) => void starts.push(start),
    onCountdown: (secondsLeft) => void countdown.push(secondsLeft),
  };
  return {
    asi,
    pauses,
    starts,
    countdown,
    take: (snap: Partial<Snap> = {}, signal = new AbortController().signal) =>
      takeSnap(
        { asi, sdk: new SdkQueue(), clock },
        { seconds: 0.01, dark: false, readoutAllowance: 2_000, ...snap },
        events,
        signal,
      ),
    calls: () =>
      callsFor(rig, 0)
        .slice(earlier)
        .map(({ name }) => name),
  };
}

test("A snap sets its time, starts, and ends when the picture can be fetched", async () => {
  const { asi, take, starts, calls } = await snapper();
  const before = Date.now();
  const startedAt = await take({ seconds: 0.25 });
  expect(startedAt).toBeGreaterThan(before - 1);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(249);
  expect(starts).toEqual([{ attempt: 1 }]);
  expect(calls().slice(0, 2)).toEqual(["ASISetControlValue", "ASIStartExposure"]);
  await asi.getDataAfterExp(new Uint8Array(1280 * 960));
});

test("The seconds that are left are told once each, then 0", async () => {
  const { take, countdown } = await snapper();
  await take({ seconds: 2.3 });
  expect(countdown).toEqual([2, 1, 0]);
});

test("A start that fails twice succeeds at the third attempt, with the time set again and a rest before", async () => {
  const { take, starts, calls, pauses } = await snapper();
  rig.steer("fail", "ASIStartExposure", "16", "2");
  await take();
  expect(starts).toEqual([
    { attempt: 3, reason: "ASIStartExposure failed (ASI_ERROR_GENERAL_ERROR)." },
  ]);
  const attempt = ["ASISetControlValue", "ASIStartExposure", "ASIStopExposure"];
  expect(calls().slice(0, 8)).toEqual([...attempt, ...attempt, ...attempt.slice(0, 2)]);
  expect(pauses.slice(0, 2)).toEqual([150, 150]);
});

test("The time of a picture is that of the start that succeeded", async () => {
  const { take } = await snapper();
  rig.steer("fail", "ASIStartExposure", "16", "2");
  const before = Date.now();
  const startedAt = await take();
  expect(startedAt - before).toBeGreaterThanOrEqual(300 - 1);
  expect(startedAt).toBeLessThanOrEqual(Date.now() - 10 + 1);
});

test("A start that fails three times is a failure with the library's code", async () => {
  const { take, starts, calls } = await snapper();
  rig.steer("fail", "ASIStartExposure", "16", "1000");
  await expect(take()).rejects.toMatchObject({
    name: "CameraFailure",
    codeName: "ASI_ERROR_GENERAL_ERROR",
  });
  expect(starts).toEqual([]);
  expect(calls().filter((name) => name === "ASIStartExposure")).toHaveLength(3);
});

test("An exposure that fails is started again", async () => {
  const { take, starts } = await snapper();
  rig.steer("exposure-fail", "1");
  await take();
  expect(starts).toEqual([
    { attempt: 1 },
    { attempt: 2, reason: "The camera reports that the exposure failed (ASI_EXP_FAILED)." },
  ]);
});

test("A failure in the middle of a long exposure is noticed at the next second, not at its end", async () => {
  const { take } = await snapper();
  rig.steer("fail", "ASIGetExpStatus", "5", "1000");
  const began = performance.now();
  await expect(take({ seconds: 60 })).rejects.toMatchObject({ removed: true });
  expect(performance.now() - began).toBeLessThan(1_500);
});

test("A picture that is overdue is a failure, the camera is stopped, and it is not tried again", async () => {
  const { take, starts, calls } = await snapper();
  rig.steer("exposure-stuck", "3");
  await expect(take({ readoutAllowance: 100 })).rejects.toThrow(
    "did not deliver the picture within 0.1 s",
  );
  expect(starts).toHaveLength(1);
  expect(calls().at(-1)).toBe("ASIStopExposure");
});

test("A camera that was unplugged is not tried again", async () => {
  const { take, starts } = await snapper();
  rig.steer("fail", "ASIStartExposure", "5", "1000");
  await expect(take()).rejects.toSatisfy(
    (error) => error instanceof CameraFailure && error.removed,
  );
  expect(starts).toEqual([]);
});

test("An abort stops the camera before it is answered", async () => {
  const { take, calls } = await snapper();
  const control = new AbortController();
  const snap = take({ seconds: 60 }, control.signal);
  setTimeout(() => control.abort(), 50);
  const began = performance.now();
  await expect(snap).rejects.toMatchObject({ name: "AbortError" });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(calls().at(-1)).toBe("ASIStopExposure");
});

test("A snap that is aborted before it begins touches nothing", async () => {
  const { take, calls } = await snapper();
  await expect(take({}, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  expect(calls()).toEqual([]);
});

test("An exposure that is finished early can be read, and says how long it was", async () => {
  const { asi, take, calls } = await snapper();
  const finish = new AbortController();
  setTimeout(() => finish.abort(), 300);
  await take({ seconds: 30, finish: finish.signal });
  expect(calls().filter((name) => name === "ASIStopExposure")).toHaveLength(1);
  expect(calls().filter((name) => name === "ASIStartExposure")).toHaveLength(1);
  await asi.getDataAfterExp(new Uint8Array(1280 * 960));
});

test("An exposure whose picture is lost when it is finished early is not started again", async () => {
  const { take, starts } = await snapper();
  rig.steer("exposure-stuck", "1");
  const finish = new AbortController();
  setTimeout(() => finish.abort(), 100);
  await expect(take({ seconds: 30, finish: finish.signal })).rejects.toThrow(
    "The camera has no picture of the exposure that was stopped.",
  );
  expect(starts).toEqual([{ attempt: 1 }]);
});
