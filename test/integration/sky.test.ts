import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const run = promisify(execFile);

const DEVICE = "ZWO CCD ASI1600MM Pro";
const SENSOR = { width: 4656, height: 3520 };
/** Where the middle of the sensor looks, in degrees. */
const POINTING = { ra: 56.6, dec: 24.2 };
/** A busy machine may take a minute to solve a picture. */
const PATIENCE = 90_000;
/** Arcseconds of an unbinned pixel: 3.8 micrometres at 400 mm. */
const SCALE = ((3.8e-3 / 400) * 180 * 3600) / Math.PI;

let daemon: DaemonProcess;
let observer: Observer;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "indi-sky-"));
  daemon = await startDaemon({
    models: "ASI1600MM Pro",
    env: { ASI_SIM_POINTING: `${POINTING.ra},${POINTING.dec}` },
  });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
});
afterAll(async () => {
  await daemon.stop();
  rmSync(directory, { recursive: true });
});
beforeEach(async () => {
  await mirror(false, false);
  await observer.choose("CCD_FRAME_RESET", "RESET");
  await observer.set("CCD_BINNING", { HOR_BIN: 1, VER_BIN: 1 });
});

async function mirror(horizontal: boolean, vertical: boolean): Promise<void> {
  const answer = observer.answer("FLIP");
  observer.client.newSwitches(DEVICE, "FLIP", {
    FLIP_HORIZONTAL: horizontal,
    FLIP_VERTICAL: vertical,
  });
  expect(await answer).toMatchObject({ state: "Ok" });
}

/** Where a picture was taken, as astrometry.net finds it from nothing but its stars. */
interface Solution {
  /** Of the picture's middle, in degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Arcseconds in a pixel. */
  readonly scale: number;
  /** 1 where east is left of north with the first row on top, as on the sky; -1 in a mirror. */
  readonly parity: number;
  /** Degrees from north to the direction of later rows. */
  readonly orientation: number;
}

/** Solves a picture of about this scale; the position is not told. */
async function solve(file: Uint8Array, scale: number): Promise<Solution> {
  const path = join(directory, "sky.fits");
  writeFileSync(path, file);
  const limits = ["--scale-low", `${scale * 0.9}`, "--scale-high", `${scale * 1.1}`];
  const stars = ["--scale-units", "arcsecperpix", ...limits, "--objs", "200"];
  const output = ["--no-plots", "--overwrite", "--new-fits", "none", "--crpix-center"];
  await run("solve-field", [...stars, ...output, path], { timeout: 60_000 });
  const { stdout } = await run("wcsinfo", [join(directory, "sky.wcs")]);
  const words = new Map(
    stdout.split("\n").map((line) => {
      const [name = "", value] = line.split(" ");
      return [name, Number(value)];
    }),
  );
  const told = (name: string) => words.get(name) ?? Number.NaN;
  return {
    ra: told("ra_center"),
    dec: told("dec_center"),
    scale: told("pixscale"),
    parity: told("parity"),
    orientation: told("orientation"),
  };
}

/** The place on the sky of a pixel of the sensor, north being up and east left (gnomonic projection). */
function placeOf(x: number, y: number): { ra: number; dec: number } {
  const radians = SCALE / 3600 / (180 / Math.PI);
  const west = (x - SENSOR.width / 2) * radians;
  const north = (SENSOR.height / 2 - y) * radians;
  const dec0 = (POINTING.dec * Math.PI) / 180;
  const depth = Math.cos(dec0) - north * Math.sin(dec0);
  const ra = Math.atan2(-west, depth);
  const dec = Math.atan2(Math.sin(dec0) + north * Math.cos(dec0), Math.hypot(west, depth));
  return { ra: POINTING.ra + (ra * 180) / Math.PI, dec: (dec * 180) / Math.PI };
}

function arcsecondsBetween(a: { ra: number; dec: number }, b: { ra: number; dec: number }): number {
  const east = (a.ra - b.ra) * Math.cos((a.dec * Math.PI) / 180);
  return Math.hypot(east, a.dec - b.dec) * 3600;
}

it.each([
  ["the full frame", { X: 0, Y: 0, WIDTH: 4656, HEIGHT: 3520 }, 1],
  ["an odd part of it", { X: 1501, Y: 901, WIDTH: 3001, HEIGHT: 2503 }, 1],
  ["the full frame binned", { X: 0, Y: 0, WIDTH: 4656, HEIGHT: 3520 }, 2],
])(
  "lies where the camera looks, unmirrored and to scale: %s",
  async (_, frame, binning) => {
    await observer.set("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
    await observer.set("CCD_FRAME", frame);
    const found = await solve((await observer.expose(2)).data, SCALE * binning);
    const { X, Y, WIDTH, HEIGHT } = frame;
    const expected = placeOf(X + WIDTH / 2, Y + HEIGHT / 2);
    expect(arcsecondsBetween(found, expected)).toBeLessThan(5);
    expect(Math.abs(found.scale / (SCALE * binning) - 1)).toBeLessThan(0.005);
    expect(found.parity).toBe(1);
    expect(Math.abs(Math.abs(found.orientation) - 180)).toBeLessThan(1);
  },
  PATIENCE,
);

it.each([
  ["left and right", { horizontal: true, vertical: false }, -1, 180],
  ["top and bottom", { horizontal: false, vertical: true }, -1, 0],
  ["both, which turns it", { horizontal: true, vertical: true }, 1, 0],
])(
  "lies where the camera looks when flipped: %s",
  async (_, flip, parity, orientation) => {
    await mirror(flip.horizontal, flip.vertical);
    await observer.set("CCD_FRAME", { X: 1501, Y: 901, WIDTH: 3001, HEIGHT: 2503 });
    const found = await solve((await observer.expose(2)).data, SCALE);
    const x = 1501 + 3001 / 2;
    const y = 901 + 2503 / 2;
    const expected = placeOf(
      flip.horizontal ? SENSOR.width - x : x,
      flip.vertical ? SENSOR.height - y : y,
    );
    expect(arcsecondsBetween(found, expected)).toBeLessThan(5);
    expect(Math.abs(found.scale / SCALE - 1)).toBeLessThan(0.005);
    expect(found.parity).toBe(parity);
    expect(Math.abs(Math.abs(found.orientation) - orientation)).toBeLessThan(1);
  },
  PATIENCE,
);
