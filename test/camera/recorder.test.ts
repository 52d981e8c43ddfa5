import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../src/camera/clock.js";
import { CameraFailure, RecordingFailure } from "../../src/camera/errors.js";
import { NO_FLIP } from "../../src/camera/flip.js";
import { Recorder, type RecordingPlan } from "../../src/camera/recorder.js";

const START = Date.UTC(2026, 10, 20);

/** A recorder of frames of 2 x 2 bytes, with room for three of them, and a clock that stands still. */
async function recorder(plan: Partial<RecordingPlan> = {}, clock: Partial<Clock> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "indi-asid-recorder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "moon.ser");
  const progress: string[] = [];
  const made = await Recorder.start(
    { path, observer: "", instrument: "", telescope: "", ...plan },
    {
      roi: { left: 0, top: 0, width: 2, height: 2 },
      binning: 1,
      format: "RAW8",
      flip: NO_FLIP,
      bytes: 4,
    },
    { ...systemClock, now: () => 0, timeOfDay: () => START, ...clock },
    3,
    ({ frames, dropped }) => void progress.push(`${frames} written, ${dropped} left out`),
  );
  const released: number[] = [];
  const offer = (number: number) =>
    made.offer({
      pixels: new Uint8Array(4).fill(number),
      time: START + number,
      release: () => void released.push(number),
    });
  const frames = () => [...readFileSync(path).subarray(178)].filter((_, at) => at % 4 === 0);
  return { recorder: made, path, offer, released, progress, frames };
}

it("leaves out and counts frames when more wait than there is room, and gives all back", async () => {
  const { recorder: made, offer, released, progress, frames } = await recorder();
  for (const number of [1, 2, 3, 4, 5]) offer(number);
  expect(released).toEqual([4, 5]);
  made.miss();
  made.stop();
  expect(await made.ended).toMatchObject({ frames: 3, dropped: 3 });
  expect(released).toEqual([4, 5, 1, 2, 3]);
  expect(frames().slice(0, 3)).toEqual([1, 2, 3]);
  made.report();
  expect(progress).toEqual(["3 written, 3 left out"]);
});

it("ends by itself after so many frames, and takes no more", async () => {
  const { recorder: made, offer, released } = await recorder({ frames: 2 });
  for (const number of [1, 2, 3]) offer(number);
  expect(await made.ended).toMatchObject({ frames: 2, dropped: 0 });
  expect(released).toEqual([3, 1, 2]);
});

it("ends after its time though no frame comes", async () => {
  const { recorder: made, frames } = await recorder(
    { seconds: 30 },
    { sleep: async (milliseconds) => expect(milliseconds).toBe(30_000) },
  );
  expect(await made.ended).toMatchObject({ frames: 0, milliseconds: 0 });
  expect(frames()).toEqual([]);
});

it("does not wait for ever for a disk that is behind", async () => {
  let now = 0;
  // Each look at the clock finds it six seconds later.
  const step = { now: () => (now += 6_000) };
  const { recorder: made, offer, released } = await recorder({}, step);
  offer(1);
  made.stop();
  offer(2);
  expect(await made.ended).toMatchObject({ frames: 0, dropped: 1 });
  expect(released).toEqual([2, 1]);
});

it("fails with the reason of a video that ends, and keeps what it has", async () => {
  const { recorder: made, offer, frames } = await recorder();
  offer(7);
  made.stop(new CameraFailure("The camera is gone."));
  await expect(made.ended).rejects.toThrow("The camera is gone.");
  expect(frames()[0]).toBe(7);
});

it("says where a file cannot be", async () => {
  const starting = recorder({ path: "/dev/null/moon.ser" });
  await expect(starting).rejects.toThrow(RecordingFailure);
  await expect(starting).rejects.toThrow("/dev/null/moon.ser: ");
});
