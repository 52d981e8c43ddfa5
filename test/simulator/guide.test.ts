import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTROL, centroid, World } from "./world.js";

/** Arcsec a second while a relay is on, and arcsec a pixel of the ASI290MM Mini at 400 mm. */
const RATE = 100;
const SCALE = (2.9 / 400) * 206.2648;
/** The first pointing is at a lone star of VT 8.59. */
const SKY = { ASI_SIM_POINTING: "57.15848,26.29342", ASI_SIM_GUIDE_RATE: String(RATE) };
const NORTH = 0;
const SOUTH = 1;
const EAST = 2;
const WEST = 3;

const directory = mkdtempSync(join(tmpdir(), "asi-guide-"));
const trace = join(directory, "trace");
let world: World;
beforeAll(() => {
  world = new World({
    ...SKY,
    ASI_SIM_CAMERAS: "ASI290MM Mini,ASI120MM-S",
    ASI_SIM_TRACE: trace,
  });
  world.open(0);
  world.open(1);
});
afterAll(() => {
  world.close();
  rmSync(directory, { recursive: true });
});

let star = { x: 967.5, y: 547.5 };
async function moved(): Promise<{ x: number; y: number }> {
  const picture = await world.expose(0, { seconds: 0.1, controls: [[CONTROL.GAIN, 0]] });
  const now = centroid(picture, star.x, star.y, 60);
  const shift = { x: now.x - star.x, y: now.y - star.y };
  star = now;
  return shift;
}

/** Seconds between the last two calls that look so in a trace. */
function between(calls: RegExp, file = trace): number {
  const times = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => calls.test(line))
    .map((line) => Number(line.split(" ")[0]));
  return (times.at(-1) ?? Number.NaN) - (times.at(-2) ?? Number.NaN);
}

/** Seconds a relay was on. */
const traced = (direction: number) =>
  between(new RegExp(` 0 ASIPulseGuideO(n|ff) ${direction} = 0$`));

async function pulse(...directions: number[]): Promise<void> {
  for (const direction of directions) world.call("ASIPulseGuideOn", 0, direction);
  await new Promise((resolve) => setTimeout(resolve, 150));
  for (const direction of directions) world.call("ASIPulseGuideOff", 0, direction);
}

describe("the guide port", () => {
  it("moves the mount while a relay is on: the field goes the other way", async () => {
    await moved();
    await pulse(NORTH);
    const north = await moved();
    expect(Math.abs(north.y - (RATE * traced(NORTH)) / SCALE)).toBeLessThan(0.5);
    expect(Math.abs(north.x)).toBeLessThan(0.5);
    await pulse(WEST);
    const west = await moved();
    expect(Math.abs(west.x - -(RATE * traced(WEST)) / SCALE)).toBeLessThan(0.5);
    expect(Math.abs(west.y)).toBeLessThan(0.5);
  });

  it("moves both axes at once, and brings the star back", async () => {
    await pulse(SOUTH, EAST);
    const back = await moved();
    expect(Math.abs(back.y - -(RATE * traced(SOUTH)) / SCALE)).toBeLessThan(0.5);
    expect(Math.abs(back.x - (RATE * traced(EAST)) / SCALE)).toBeLessThan(0.5);
  });

  it("stands still with opposite relays on", async () => {
    await pulse(NORTH, SOUTH);
    const still = await moved();
    // North is on alone for the microseconds between two calls.
    expect(Math.hypot(still.x, still.y)).toBeLessThan(0.5);
  });

  it("moves the one mount all cameras are on", async () => {
    world.call("ASIPulseGuideOn", 1, NORTH);
    await new Promise((resolve) => setTimeout(resolve, 150));
    world.call("ASIPulseGuideOff", 1, NORTH);
    expect((await moved()).y).toBeGreaterThan(7);
  });

  it("shows the mean place of a star that moves during the exposure", async () => {
    world.call("ASIPulseGuideOn", 0, SOUTH);
    const during = await moved();
    world.call("ASIPulseGuideOff", 0, SOUTH);
    const after = await moved();
    expect(during.y).toBeLessThan(-2);
    expect(after.y).toBeLessThan(-2);
  });
});

describe("the drift", () => {
  it("moves the field all the time", async () => {
    const file = join(directory, "drift");
    const drifting = new World({
      ...SKY,
      ASI_SIM_CAMERAS: "ASI290MM Mini",
      ASI_SIM_DRIFT: "0,50",
      ASI_SIM_TRACE: file,
    });
    drifting.open(0);
    const y = async () => {
      const picture = await drifting.expose(0, { seconds: 0.05, controls: [[CONTROL.GAIN, 0]] });
      return centroid(picture, 967.5, 600, 90).y;
    };
    const first = await y();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const shift = (await y()) - first;
    const expected = (between(/ ASIStartExposure /, file) * 50) / SCALE;
    expect(expected).toBeGreaterThan(10);
    expect(Math.abs(shift - expected)).toBeLessThan(0.5);
    drifting.close();
  });
});
