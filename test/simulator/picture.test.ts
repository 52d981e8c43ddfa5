import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CONTROL, centroid, FORMAT, type Picture, statistics, World } from "./world.js";

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

/** A world with its cameras open. */
function open(environment: Record<string, string>): World {
  const world = new World({ ASI_SIM_CAMERAS: "ASI120MM-S", ...environment });
  worlds.push(world);
  for (let id = 0; id < world.call("ASIGetNumOfConnectedCameras"); id++) world.open(id);
  return world;
}

/** The pixels over one kind of filter. */
const over = ({ width, pixels }: Picture, x: number, y: number) =>
  pixels.filter((_, i) => (i % width) % 2 === x && Math.floor(i / width) % 2 === y);

/** A star of VT 8.59 with none near it; the ASI120MM-S sees 1.9337 arcsec in a pixel. */
const STAR = { ra: 57.15848, dec: 26.29342 };

describe("a dark frame", () => {
  const dark = (environment = {}) =>
    open({ ASI_SIM_SKY: "none", ASI_SIM_AMBIENT: "-60", ...environment });

  it("lies at the offset with the read noise of the gain", async () => {
    const world = dark({ ASI_SIM_CAMERAS: "ASI2600MC Pro" });
    const at = async (gain: number, offset: number) => {
      const controls = [
        [CONTROL.GAIN, gain],
        [CONTROL.OFFSET, offset],
      ] as const;
      return statistics((await world.expose(0, { width: 1024, height: 1024, controls })).pixels);
    };
    const low = await at(0, 50);
    expect(low.mean).toBeGreaterThan(499);
    expect(low.mean).toBeLessThan(501);
    expect(low.sigma).toBeGreaterThan(4.25);
    expect(low.sigma).toBeLessThan(4.45);
    const high = await at(200, 100);
    expect(high.mean).toBeGreaterThan(999);
    expect(high.mean).toBeLessThan(1001);
    expect(high.sigma).toBeGreaterThan(17);
    expect(high.sigma).toBeLessThan(18.2);
  });

  it("is stepped as its converter is", async () => {
    const { pixels } = await dark().expose(0, { controls: [[CONTROL.GAIN, 0]] });
    expect(pixels.every((pixel) => pixel % 16 === 0)).toBe(true);
    const { mean, sigma } = statistics(pixels);
    expect(Math.abs(mean - 128)).toBeLessThan(1);
    expect(sigma / 16).toBeGreaterThan(6.6 / 3.174 - 0.05);
    expect(sigma / 16).toBeLessThan(6.6 / 3.174 + 0.1);
  });

  it("adds up dark current that doubles in 6 degrees, and has hot pixels at fixed places", async () => {
    const at = async (celsius: string) => {
      const world = dark({ ASI_SIM_AMBIENT: celsius });
      const controls = [[CONTROL.GAIN, 0] as const, [CONTROL.OFFSET, 20] as const];
      return (await world.expose(0, { seconds: 0.3, controls })).pixels;
    };
    const warm = await at("50");
    const warmer = await at("56");
    const level = (pixels: Picture["pixels"]) => statistics(pixels).mean - 320;
    // 1 e/s at 20 degrees, 32 times as much at 50; 3.174 e/ADU of 16: 48 for 0.3 s, and hot pixels.
    expect(level(warm)).toBeGreaterThan(45);
    expect(level(warm)).toBeLessThan(60);
    expect(level(warmer) / level(warm)).toBeGreaterThan(1.85);
    expect(level(warmer) / level(warm)).toBeLessThan(2.15);
    const hot = (pixels: Picture["pixels"]) =>
      [...pixels.keys()].filter((i) => (pixels[i] ?? 0) > 320 + 3000);
    const places = hot(warm);
    expect(places.length).toBeGreaterThan(40);
    const again = new Set(hot(warmer));
    expect(places.filter((place) => again.has(place)).length).toBeGreaterThan(places.length * 0.95);
  });

  it("loses its hot pixels to dark subtraction, in 8 bits only", async () => {
    const world = dark({ ASI_SIM_AMBIENT: "50" });
    const path = join(mkdtempSync(join(tmpdir(), "asi-dark-")), "dark.bmp");
    const head = Buffer.alloc(54);
    head.write("BM");
    head.writeInt32LE(1280, 18);
    head.writeInt32LE(960, 22);
    head.writeInt16LE(8, 28);
    writeFileSync(path, head);
    const hot = async (format: number, limit: number) => {
      const { pixels } = await world.expose(0, { seconds: 0.3, format });
      return pixels.filter((pixel) => pixel > limit).length;
    };
    expect(await hot(FORMAT.RAW8, 80)).toBeGreaterThan(20);
    expect(world.call("ASIEnableDarkSubtract", 0, path)).toBe(0);
    expect(await hot(FORMAT.RAW8, 80)).toBe(0);
    expect(await hot(FORMAT.RAW16, 80 * 256)).toBeGreaterThan(20);
    rmSync(dirname(path), { recursive: true });
  });

  it("has two bits less at high speed", async () => {
    const controls = [[CONTROL.GAIN, 0] as const, [CONTROL.HIGH_SPEED, 1] as const];
    const { pixels } = await dark().expose(0, { controls });
    expect(pixels.every((pixel) => pixel % 64 === 0)).toBe(true);
    expect(Math.abs(statistics(pixels).mean - 128)).toBeLessThan(2);
  });

  it("adds up the offsets of binned pixels, and twice the read noise for four", async () => {
    const world = dark({ ASI_SIM_CAMERAS: "ASI6200MM Pro" });
    const { pixels } = await world.expose(0, { bin: 2, width: 1024, height: 1024 });
    const { mean, sigma } = statistics(pixels);
    expect(Math.abs(mean - 2000)).toBeLessThan(1);
    expect(sigma).toBeGreaterThan(8.8);
    expect(sigma).toBeLessThan(9.1);
  });
});

describe("the sky", () => {
  const at = (east: number, north: number, environment = {}) =>
    open({
      ASI_SIM_POINTING: `${STAR.ra - east / 3600 / Math.cos((STAR.dec * Math.PI) / 180)},${
        STAR.dec - north / 3600
      }`,
      ...environment,
    });
  const gain0 = [[CONTROL.GAIN, 0] as const];
  const shot = { seconds: 0.1, controls: gain0 };

  it("has north up and east left, at the scale of pixel and focal length", async () => {
    // 360 arcsec are 186.17 pixels; the middle of the sensor is at 639.5, 479.5.
    const north = centroid(await at(0, 360).expose(0, shot), 639, 293);
    expect(Math.abs(north.x - 639.5)).toBeLessThan(0.3);
    expect(Math.abs(north.y - 293.33)).toBeLessThan(0.3);
    const east = centroid(await at(360, 0).expose(0, shot), 453, 479);
    expect(Math.abs(east.x - 453.33)).toBeLessThan(0.3);
    expect(Math.abs(east.y - 479.5)).toBeLessThan(0.3);
  });

  it("turns with the camera: at 90 degrees east is up", async () => {
    const east = centroid(await at(360, 0, { ASI_SIM_ROTATION: "90" }).expose(0, shot), 639, 293);
    expect(Math.abs(east.x - 639.5)).toBeLessThan(0.3);
    expect(Math.abs(east.y - 293.33)).toBeLessThan(0.3);
  });

  it("keeps a star in its place in binned and moved regions", async () => {
    const world = at(0, 360);
    const binned = centroid(await world.expose(0, { ...shot, bin: 2 }), 319, 146, 8);
    expect(Math.abs(binned.x - (640 / 2 - 0.5))).toBeLessThan(0.3);
    expect(Math.abs(binned.y - (293.83 / 2 - 0.5))).toBeLessThan(0.3);
    const part = { ...shot, width: 200, height: 100, x: 541, y: 243 };
    const moved = centroid(await world.expose(0, part), 98, 50);
    expect(Math.abs(moved.x - 98.5)).toBeLessThan(0.3);
    expect(Math.abs(moved.y - 50.33)).toBeLessThan(0.3);
  });

  it("grows with exposure time and with gain", async () => {
    const world = at(0, 0);
    const light = async (seconds: number, gain: number) => {
      const region = { seconds, width: 16, height: 16, x: 632, y: 472 };
      const { pixels } = await world.expose(0, { ...region, controls: [[CONTROL.GAIN, gain]] });
      const ground = (await world.expose(0, { ...region, x: 0, controls: [[CONTROL.GAIN, gain]] }))
        .pixels;
      return 256 * (statistics(pixels).mean - statistics(ground).mean);
    };
    const short = await light(0.2, 0);
    const long = await light(0.8, 0);
    expect(long / short).toBeGreaterThan(3.75);
    expect(long / short).toBeLessThan(4.25);
    // 20 steps of 0.3 dB are a factor 1.995.
    const amplified = await light(0.2, 20);
    expect(amplified / short).toBeGreaterThan(1.85);
    expect(amplified / short).toBeLessThan(2.15);
  });

  it("is as bright as magnitude, aperture and magnitude of the night make it", async () => {
    const world = at(0, 0, { ASI_SIM_SKY_BACKGROUND: "12" });
    const controls = [[CONTROL.GAIN, 0] as const, [CONTROL.OFFSET, 0] as const];
    const { pixels } = await world.expose(0, { seconds: 0.1, controls });
    // 9.09e7 e/s at magnitude 0, 10^-4.8 of it on 3.739 square arcsec, 0.1 s, 16 / 3.174 ADU.
    const median = [...pixels].sort((a, b) => a - b)[pixels.length / 2] ?? 0;
    expect(Math.abs(median - 2716)).toBeLessThan(40);
  });

  it("saturates", async () => {
    const world = at(0, 0, { ASI_SIM_APERTURE: "800" });
    const { pixels } = await world.expose(0, shot);
    const brightest = Math.max(...pixels.subarray(470 * 1280, 490 * 1280));
    expect(brightest).toBeGreaterThan(65000);
    expect(brightest).toBeLessThanOrEqual(65520);
  });

  it("is cut out exactly by a region of the same frame of another camera with that seed", async () => {
    const [first, second] = [at(0, 0), at(0, 0)];
    const whole = await first.expose(0, { ...shot, seconds: 0.01 });
    const part = await second.expose(0, {
      ...shot,
      seconds: 0.01,
      width: 64,
      height: 32,
      x: 601,
      y: 470,
    });
    const expected = Array.from(
      part.pixels,
      (_, i) => whole.pixels[(470 + Math.floor(i / 64)) * 1280 + 601 + (i % 64)],
    );
    expect([...part.pixels]).toEqual(expected);
    const next = await first.expose(0, { ...shot, seconds: 0.01 });
    expect(next.pixels).not.toEqual(whole.pixels);
  });

  it("passes the filters in RAW, is grey in RGB24 at the usual white balance", async () => {
    const world = open({
      ASI_SIM_CAMERAS: "ASI178MC",
      ASI_SIM_SKY_BACKGROUND: "12.5",
      ASI_SIM_POINTING: "56.75,30",
    });
    const controls = [[CONTROL.GAIN, 100] as const, [CONTROL.OFFSET, 0] as const];
    const region = { seconds: 0.5, controls, width: 256, height: 256, x: 0, y: 0 };
    const raw = await world.expose(0, region);
    const level = (x: number, y: number) => statistics(over(raw, x, y)).mean;
    expect(level(0, 0) / level(1, 0)).toBeCloseTo(0.72 / 0.75, 1);
    expect(level(1, 1) / level(1, 0)).toBeCloseTo(0.395 / 0.75, 1);
    expect(level(0, 1) / level(1, 0)).toBeCloseTo(1, 1);
    const colour = await world.expose(0, { ...region, format: FORMAT.RGB24 });
    const plane = (n: number) => statistics(colour.pixels.filter((_, i) => i % 3 === n)).mean;
    expect(plane(1)).toBeGreaterThan(20);
    expect(Math.abs(plane(0) / plane(1) - 1)).toBeLessThan(0.05);
    expect(Math.abs(plane(2) / plane(1) - 1)).toBeLessThan(0.05);
    const luma = await world.expose(0, { ...region, format: FORMAT.Y8 });
    expect(Math.abs(statistics(luma.pixels).mean - plane(1))).toBeLessThan(1.5);
    const mono = await world.expose(0, {
      ...region,
      width: 128,
      height: 128,
      bin: 2,
      controls: [...controls, [CONTROL.MONO_BIN, 1]],
    });
    const [even, odd] = [statistics(over(mono, 0, 0)).mean, statistics(over(mono, 1, 1)).mean];
    expect(Math.abs(even / odd - 1)).toBeLessThan(0.02);
  });

  it("is mirrored by the flip control", async () => {
    const world = at(100, 360);
    const flipped = { ...shot, controls: [...gain0, [CONTROL.FLIP, 3] as const] };
    const star = centroid(await world.expose(0, flipped), 691, 666);
    expect(Math.abs(star.x - (639.5 + 51.71))).toBeLessThan(0.3);
    expect(Math.abs(star.y - (479.5 + 186.17))).toBeLessThan(0.3);
  });
});
