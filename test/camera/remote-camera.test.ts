import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { CONTROL } from "../../src/camera/controls.js";
import { RemoteCamera } from "../../src/camera/process/remote-camera.js";
import type { Frame } from "../../src/camera/process/remote-pictures.js";
import type { Capture } from "../../src/camera/roi.js";
import { isAlive } from "../support/daemon.js";
import { findCameras, openCamera } from "../support/simulated-camera.js";
import { callsFor, cameraProcess, eventually } from "../support/steering.js";

const ROOM = { headRoom: 2880, tailRoom: 2880 };
const CAPTURE: Capture = {
  roi: { left: 101, top: 51, width: 64, height: 32 },
  binning: 1,
  format: "RAW16",
};

function expose(camera: RemoteCamera, seconds: number, signal = new AbortController().signal) {
  return camera.pictures.expose(
    { seconds, dark: false, order: "camera" },
    { signal, ...ROOM, onNews: () => undefined },
  );
}

/** The first pixel of a 16-bit picture as the test pattern has it, and as it is in memory. */
function firstPixel({ roi, binning, memory, offset }: Frame, frame: number) {
  const { left, top } = roi;
  const value = (left * 257 + top * 1543 + binning * 4099 + frame * 8209) % 65536;
  const view = new DataView(memory.buffer, memory.byteOffset + offset);
  return { shown: view.getUint16(0, true), expected: value - (value % 16) };
}

test("A picture lies in shared memory behind the room that was asked for", async () => {
  const { camera } = await openCamera("ASI290MM Mini");
  await camera.setCapture(CAPTURE);
  const frame = await expose(camera, 0.01);
  expect(frame).toMatchObject({
    roi: CAPTURE.roi,
    binning: 1,
    format: "RAW16",
    bytes: 64 * 32 * 2,
    offset: 2880,
    seconds: 0.01,
  });
  const { shown, expected } = firstPixel(frame, 0);
  expect(shown).toBe(expected);
  frame.release();
});

test("The successor of a process that died has all settings of the one before", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  await camera.setCapture(CAPTURE);
  await camera.setControl({ type: CONTROL.gain, value: 123, auto: false });
  await camera.setControl({ type: CONTROL.offset, value: 21, auto: false });
  const first = cameraProcess(rig, 0);
  const replaced = once(camera, "restored");
  process.kill(first, "SIGKILL");
  await replaced;
  expect(cameraProcess(rig, 0)).not.toBe(first);
  expect(await camera.readControls([CONTROL.gain, CONTROL.offset])).toEqual([
    { type: CONTROL.gain, value: 123, auto: false },
    { type: CONTROL.offset, value: 21, auto: false },
  ]);
  const frame = await expose(camera, 0.01);
  const { shown, expected } = firstPixel(frame, 0);
  expect(frame.roi).toEqual(CAPTURE.roi);
  expect(shown).toBe(expected);
  frame.release();
});

test("A request that waits for the successor is carried out by it", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const replacing = once(camera, "replacing");
  process.kill(cameraProcess(rig, 0), "SIGKILL");
  await replacing;
  (await expose(camera, 0.01)).release();
});

test("A frame that is still being sent is not written over by the next exposure", async () => {
  // Its frames are too large for more than two of them.
  const { camera } = await openCamera("ASI1600MM Pro");
  await camera.setCapture(CAPTURE);
  const first = await expose(camera, 0.01);
  const second = await expose(camera, 0.01);
  const third = expose(camera, 0.01);
  await once(camera.pictures, "crowded");
  expect(firstPixel(first, 0).shown).toBe(firstPixel(first, 0).expected);
  expect(firstPixel(second, 1).shown).toBe(firstPixel(second, 1).expected);
  first.release();
  const frame = await third;
  expect(firstPixel(frame, 2).shown).toBe(firstPixel(frame, 2).expected);
  frame.release();
  second.release();
});

test.each([
  ["ASI120MM", 4],
  ["ASI178MC", 3],
  ["ASI6200MM Pro", 2],
])(
  "An %s takes %d pictures while clients read none, and the next one when one of them has left",
  async (model, pictures) => {
    const { camera } = await openCamera(model);
    await camera.setCapture(CAPTURE);
    const frames: Frame[] = [];
    const taking = (async () => {
      while (frames.length <= pictures) frames.push(await expose(camera, 0.001));
    })();
    await once(camera.pictures, "crowded");
    expect(frames).toHaveLength(pictures);
    frames[0]?.release();
    await taking;
    for (const frame of frames) frame.release();
  },
);

test("Failed exposures do not use up the memory for frames", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  await camera.setCapture(CAPTURE);
  for (let failure = 0; failure < 4; failure++) {
    // A picture is fetched twice before it counts as lost.
    rig.steer("fail", "ASIGetDataAfterExp", "16", "2");
    await expect(expose(camera, 0.001)).rejects.toMatchObject({
      codeName: "ASI_ERROR_GENERAL_ERROR",
    });
  }
  const frames = [await expose(camera, 0.001), await expose(camera, 0.001)];
  for (const frame of frames) frame.release();
});

test("An aborted exposure leaves the camera free for the next", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  for (let abort = 0; abort < 4; abort++) {
    const control = new AbortController();
    const exposing = expose(camera, 60, control.signal);
    setTimeout(() => control.abort(), 30);
    await expect(exposing).rejects.toMatchObject({ name: "AbortError" });
  }
  (await expose(camera, 0.001)).release();
  expect(callsFor(rig, 0).filter(({ name }) => name === "ASIInitCamera")).toHaveLength(1);
});

test("Closing ends the process with the camera closed and its relays open", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const pid = cameraProcess(rig, 0);
  void camera.pulse("north", 30_000, new AbortController().signal).catch(() => undefined);
  await eventually("the relay is closed", () => rig.steer("status").includes("N---"));
  await camera.close();
  expect(isAlive(pid)).toBe(false);
  expect(rig.steer("status")).toContain("----");
  expect(callsFor(rig, 0).at(-1)?.name).toBe("ASICloseCamera");
});

test("A camera that the library does not close is free for others all the same", async () => {
  const { camera, launch, info, rig } = await openCamera("ASI290MM Mini");
  rig.steer("fail", "ASICloseCamera", "16");
  await camera.close();
  const other = await RemoteCamera.open(launch, info, info.sensor, ROOM);
  await other.close();
});

test("A camera that is unplugged is lost, after the request that found out has failed", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const order: string[] = [];
  const lost = once(camera, "lost").then(() => order.push("lost"));
  rig.steer("unplug");
  await camera
    .setControl({ type: CONTROL.gain, value: 1, auto: false })
    .catch((error) => order.push(error.codeName));
  await lost;
  expect(order).toEqual(["ASI_ERROR_CAMERA_REMOVED", "lost"]);
});

test("A camera that another program has open cannot be opened, and leaves no process", async () => {
  const { launch, info, rig } = await openCamera("ASI290MM Mini");
  await expect(RemoteCamera.open(launch, info, info.sensor, ROOM)).rejects.toMatchObject({
    name: "CameraFailure",
  });
  const others = new Set(callsFor(rig, 0).map(({ pid }) => pid));
  others.delete(cameraProcess(rig, 0));
  await eventually("the others are gone", () => ![...others].some(isAlive));
});

test("A camera is found by its serial number where the library has renumbered it", async () => {
  const { launch, cameras } = await findCameras("ASI120MM,ASI290MM Mini,ASI290MM Mini");
  const [, first, second] = cameras;
  if (first === undefined || second === undefined) throw new Error("There are three cameras.");
  const camera = await RemoteCamera.open(
    launch,
    { ...second, cameraId: first.cameraId },
    second.sensor,
    ROOM,
  );
  expect(camera.opened.info.serial).toBe(second.serial);
  expect(camera.opened.info.cameraId).toBe(second.cameraId);
  await camera.close();
});

test("A frame the camera refused half-way leaves the next picture as it was before", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  await camera.setCapture(CAPTURE);
  rig.steer("fail", "ASISetStartPos", "16");
  const moved = { ...CAPTURE, roi: { left: 0, top: 0, width: 8, height: 2 } };
  await expect(camera.setCapture(moved)).rejects.toMatchObject({ name: "CameraFailure" });
  const frame = await expose(camera, 0.01);
  expect(frame).toMatchObject({ roi: CAPTURE.roi, bytes: 64 * 32 * 2 });
  const { shown, expected } = firstPixel(frame, 0);
  expect(shown).toBe(expected);
  frame.release();
});

test("A camera that hangs while it is opened is given up at once when it is no longer wanted", async () => {
  const { rig, launch, cameras } = await findCameras("ASI290MM Mini");
  const [info] = cameras;
  if (info === undefined) throw new Error("There is no camera.");
  rig.steer("hang", "ASIOpenCamera", "60000");
  const control = new AbortController();
  const opening = RemoteCamera.open(launch, info, info.sensor, ROOM, { signal: control.signal });
  const given = expect(opening).rejects.toMatchObject({ name: "CameraFailure" });
  await eventually("it hangs", () => !rig.steer("status").includes("ASIOpenCamera"));
  const since = performance.now();
  control.abort();
  await given;
  expect(performance.now() - since).toBeLessThan(2_000);
});

test("A camera whose process dies soon after each opening is given up, with the reason", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const lost = once(camera, "lost");
  rig.steer("crash", "ASIGetControlValue", "1000");
  const asking = setInterval(() => void camera.check().catch(() => undefined), 20);
  const [failure] = await lost;
  clearInterval(asking);
  expect(failure).toMatchObject({
    removed: false,
    message: expect.stringMatching(/failed 4 times in a row.*SIGABRT/),
  });
});

test("A relay that finds its camera gone loses the camera", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  const lost = once(camera, "lost");
  rig.steer("fail", "ASIPulseGuideOn", "5");
  await expect(camera.pulse("north", 10, new AbortController().signal)).rejects.toMatchObject({
    codeName: "ASI_ERROR_CAMERA_REMOVED",
    removed: true,
  });
  expect(await lost).toMatchObject([{ removed: true }]);
});

test("A camera that was cooled when it was opened is so after a new opening", async () => {
  const { camera: first, launch, info, rig } = await openCamera("ASI2600MC Pro");
  await first.setControl({ type: CONTROL.targetTemperature, value: -7, auto: false });
  await first.setControl({ type: CONTROL.coolerOn, value: 1, auto: false });
  await first.close();
  const second = await RemoteCamera.open(launch, info, info.sensor, ROOM);
  onTestFinished(() => second.close());
  expect(second.settings.controls).toEqual([
    { type: CONTROL.targetTemperature, value: -7, auto: false },
    { type: CONTROL.coolerOn, value: 1, auto: false },
  ]);
  await second.reopen();
  expect(rig.steer("status")).toMatch(/ -7 +on /);
});

test("A camera whose successor hangs while it is opened is closed in time", async () => {
  const { camera, rig } = await openCamera("ASI290MM Mini");
  rig.steer("hang", "ASIOpenCamera", "60000");
  const replacing = once(camera, "replacing");
  process.kill(cameraProcess(rig, 0), "SIGKILL");
  await replacing;
  await eventually("it hangs", () => !rig.steer("status").includes("ASIOpenCamera"));
  const since = performance.now();
  await camera.close();
  expect(performance.now() - since).toBeLessThan(1_500);
});
