import { afterEach, describe, expect, it } from "vitest";
import { CODES, CONTROL, FORMAT, statistics, until, World } from "./world.js";

let world: World | undefined;
afterEach(() => world?.close());

function open(environment: Record<string, string>): World {
  world = new World({ ASI_SIM_CAMERAS: "ASI120MM-S", ASI_SIM_PATTERN: "1", ...environment });
  world.open(0);
  return world;
}

const read = (world: World, buffer: Uint8Array, milliseconds: number) =>
  world.callAsync("ASIGetVideoData", 0, buffer, buffer.length, milliseconds);

describe("video", () => {
  it("delivers a frame in each exposure time", async () => {
    const world = open({});
    const { buffer } = world.prepare(0, { seconds: 0.03, width: 640, height: 480 });
    world.call("ASIStartVideoCapture", 0);
    const start = performance.now();
    const numbers = [];
    for (let i = 0; i < 10; i++) {
      expect(await read(world, buffer, 1000)).toBe(CODES.SUCCESS);
      numbers.push(buffer[1]);
    }
    const seconds = (performance.now() - start) / 1000;
    expect(seconds).toBeGreaterThan(0.295);
    expect(seconds).toBeLessThan(1);
    expect(new Set(numbers).size).toBe(10);
    expect(world.ints("ASIGetDroppedFrames", 0, 1)).toEqual([0]);
  });

  it("times out while there is no frame, and at once when asked not to wait", async () => {
    const world = open({});
    const { buffer } = world.prepare(0, { seconds: 60, width: 64, height: 32 });
    world.call("ASIStartVideoCapture", 0);
    const start = performance.now();
    expect(await read(world, buffer, 0)).toBe(CODES.TIMEOUT);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await read(world, buffer, 50)).toBe(CODES.TIMEOUT);
    expect(performance.now() - start).toBeGreaterThan(49);
  });

  it("drops frames of a slow reader, counts them, and forgets them at the end", async () => {
    const world = open({});
    const { buffer } = world.prepare(0, { seconds: 0.01, width: 64, height: 32 });
    world.call("ASIStartVideoCapture", 0);
    const start = performance.now();
    await until(() => performance.now() - start > 305);
    await read(world, buffer, 100);
    const missed = Math.floor((performance.now() - start) / 10) - 1;
    const [dropped = -1] = world.ints("ASIGetDroppedFrames", 0, 1);
    expect(dropped).toBeGreaterThanOrEqual(28);
    expect(dropped).toBeLessThanOrEqual(missed);
    world.call("ASIStopVideoCapture", 0);
    expect(world.ints("ASIGetDroppedFrames", 0, 1)).toEqual([0]);
  });

  it("is as slow as USB: 40 MB/s of USB 2 at 50 percent", async () => {
    const world = open({ ASI_SIM_CAMERAS: "ASI120MM", ASI_SIM_USB_MBPS: "" });
    const shot = { format: FORMAT.RAW16, controls: [[CONTROL.BANDWIDTH, 50] as const] };
    const { buffer } = world.prepare(0, shot);
    // 2 457 600 bytes take 122.88 ms.
    const start = performance.now();
    world.call("ASIStartExposure", 0, 0);
    await until(() => world.status(0) === 2);
    expect(performance.now() - start).toBeGreaterThan(122);
    world.call("ASIStartVideoCapture", 0);
    const video = performance.now();
    for (let i = 0; i < 3; i++) expect(await read(world, buffer, 1000)).toBe(CODES.SUCCESS);
    expect(performance.now() - video).toBeGreaterThan(3 * 122);
  });

  it("ends a wait when it is stopped, closed or pulled out", async () => {
    const world = open({});
    const { buffer } = world.prepare(0, { seconds: 60, width: 64, height: 32 });
    const endings = [
      ["ASIStopVideoCapture", CODES.TIMEOUT],
      ["ASICloseCamera", CODES.CAMERA_CLOSED],
      ["SimUnplug", CODES.CAMERA_REMOVED],
    ] as const;
    for (const [ending, code] of endings) {
      world.open(0);
      world.prepare(0, { seconds: 60, width: 64, height: 32 });
      world.call("ASIStartVideoCapture", 0);
      const waiting = read(world, buffer, -1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      world.call(ending, 0);
      expect(await waiting).toBe(code);
    }
  });

  it("finds exposure time and gain for the wanted brightness by itself", async () => {
    const world = open({ ASI_SIM_PATTERN: "0", ASI_SIM_SKY_BACKGROUND: "8" });
    const { buffer } = world.prepare(0, { seconds: 0.0001, width: 640, height: 480, format: 0 });
    world.call("ASISetControlValue", 0, CONTROL.EXPOSURE, 100, 1);
    world.call("ASIStartVideoCapture", 0);
    for (let i = 0; i < 20; i++) await read(world, buffer, 1000);
    expect(Math.abs(statistics(buffer).mean - 100)).toBeLessThan(8);
    expect(world.value(0, CONTROL.EXPOSURE)).toBeGreaterThan(100);
    expect(world.value(0, CONTROL.EXPOSURE)).toBeLessThan(100_000);
  });
});

describe("a trigger", () => {
  const CAMERA = { ASI_SIM_CAMERAS: "ASI174MM Trigger" };
  const EDGE = 1;
  const LEVEL = 4;
  const RISING = 2;

  it("makes one frame of the exposure time at the edge", async () => {
    const world = open(CAMERA);
    const { buffer } = world.prepare(0, { seconds: 0.05, width: 64, height: 32 });
    world.call("ASISetCameraMode", 0, EDGE);
    world.call("ASIStartVideoCapture", 0);
    expect(await read(world, buffer, 100)).toBe(CODES.TIMEOUT);
    const start = performance.now();
    expect(world.call("ASISendSoftTrigger", 0, 1)).toBe(CODES.SUCCESS);
    expect(await read(world, buffer, 1000)).toBe(CODES.SUCCESS);
    expect(performance.now() - start).toBeGreaterThan(49);
    expect(await read(world, buffer, 100)).toBe(CODES.TIMEOUT);
  });

  it("exposes as long as the level holds", async () => {
    const world = open(CAMERA);
    const { buffer } = world.prepare(0, { width: 64, height: 32 });
    world.call("ASISetCameraMode", 0, LEVEL);
    world.call("ASIStartVideoCapture", 0);
    world.call("ASISendSoftTrigger", 0, 1);
    expect(await read(world, buffer, 50)).toBe(CODES.TIMEOUT);
    world.call("ASISendSoftTrigger", 0, 0);
    expect(await read(world, buffer, 1000)).toBe(CODES.SUCCESS);
  });

  it("never comes by wire, for nothing is plugged into the port", async () => {
    const world = open(CAMERA);
    const { buffer } = world.prepare(0, { width: 64, height: 32 });
    world.call("ASISetCameraMode", 0, RISING);
    world.call("ASIStartVideoCapture", 0);
    expect(await read(world, buffer, 50)).toBe(CODES.TIMEOUT);
    expect(world.call("ASISendSoftTrigger", 0, 1)).toBe(CODES.INVALID_MODE);
  });

  it("tells time and place by GPS", async () => {
    const world = open(CAMERA);
    const { buffer } = world.prepare(0, { seconds: 0.02, width: 64, height: 32 });
    const before = Date.now();
    world.call("ASIStartVideoCapture", 0);
    const data = Buffer.alloc(184);
    const code = await world.callAsync("ASIGetVideoDataGPS", 0, buffer, buffer.length, 1000, data);
    expect(code).toBe(CODES.SUCCESS);
    const field = (place: number) => data.readInt32LE(place * 4);
    const time = Date.UTC(field(0), field(1) - 1, field(2), field(3), field(4), field(5), field(6));
    expect(Math.abs(time - before)).toBeLessThan(2000);
    expect(data.readDoubleLE(96)).toBeCloseTo(51.47783, 5);
    expect(data.readInt32LE(116)).toBe(9);
    const [start, end] = [Buffer.alloc(184), Buffer.alloc(184)];
    expect(world.call("ASIGPSGetData", 0, start, end)).toBe(CODES.SUCCESS);
    expect(start.subarray(0, 32)).toEqual(data.subarray(0, 32));
  });
});
