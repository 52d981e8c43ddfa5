import { expect, it } from "vitest";
import { CameraCounters } from "../../../src/camera/process/counters.js";
import { diagnostics } from "../../../src/ccd/features/diagnostics.js";
import { Traffic } from "../../../src/indi/traffic.js";
import { RecordedDevice } from "../../support/recorded-device.js";
import { settle } from "../../support/settle.js";

it("counters are told every five seconds, and only those that have changed", async () => {
  const device = new RecordedDevice();
  const camera = new CameraCounters();
  const traffic = new Traffic();
  const pauses: number[] = [];
  let pass = () => {};
  const clock = {
    now: () => 0,
    timeOfDay: () => 0,
    sleep: (milliseconds: number) => {
      pauses.push(milliseconds);
      return new Promise<void>((resolve) => {
        pass = resolve;
      });
    },
  };
  device.onConnect((connection) =>
    diagnostics(connection, clock, { camera, hasGuidePort: true, traffic, clients: () => 2 }),
  );
  await device.connect();
  await settle();
  expect(device.told().filter((line) => line.includes("COUNTERS"))).toEqual([
    "def CAMERA_COUNTERS Ok EXPOSURES=0,FAILURES=0,RETRIES=0,RECOVERIES=0,MEGABYTES=0,FRAMES=0,FRAMES_LOST=0,FRAMES_LEFT_OUT=0",
    "def GUIDE_COUNTERS Ok PULSES=0,WORST_ERROR=0",
    "def CLIENT_COUNTERS Ok CLIENTS=2,MEGABYTES=0,HANDED_OVER=0,FRAMES_REPLACED=0",
  ]);

  camera.addPulse(100, 100.25);
  camera.addPulse(100, 99.875);
  traffic.addSent(999_999);
  await settle();
  expect(device.told()).toEqual([]);
  pass();
  await settle();
  expect(device.told()).toEqual(["GUIDE_COUNTERS Ok PULSES=2,WORST_ERROR=0.25"]);
  expect(pauses).toEqual([5_000, 5_000]);
});

it("what is sent to a client is counted for it and for all", () => {
  const all = new Traffic();
  const [one, other] = [new Traffic(all), new Traffic(all)];
  one.addSent(10);
  other.addSent(5);
  other.addHandedOver(7);
  other.addReplacedFrame();
  const told = ({ sent, handedOver, framesReplaced }: Traffic) => [
    sent,
    handedOver,
    framesReplaced,
  ];
  expect([one, other, all].map(told)).toEqual([
    [10, 0, 0],
    [5, 7, 1],
    [15, 7, 1],
  ]);
});
