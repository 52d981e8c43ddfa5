import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toCameraInfo } from "../../src/camera/camera-info.js";
import type { Picture } from "../../src/camera/picture.js";
import type { KeywordSource } from "../../src/ccd/keywords.js";
import { wcs } from "../../src/ccd/wcs.js";
import { readFits } from "../../src/fits/index.js";
import { fileOf } from "../support/programs.js";
import { python } from "../support/python.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";
import { cameraAt } from "./camera-at.js";
import { fitsHeaderOf, picture } from "./picture.js";

const POINTING = { ra: 56.75, dec: 24.12 };
const ROTATION = 30;

/** The simulated ASI290MM Mini behind a telescope of 400 mm. */
const CAMERA = toCameraInfo({
  name: "ZWO ASI290MM Mini",
  cameraId: 0,
  maxWidth: 1936,
  maxHeight: 1096,
  isColorCam: false,
  bayerPattern: 0,
  supportedBins: [1, 2],
  supportedVideoFormats: [0, 2],
  pixelSize: 2.9,
  mechanicalShutter: false,
  st4Port: true,
  isCoolerCam: false,
  isUSB3Host: false,
  isUSB3Camera: false,
  elecPerADU: 1,
  bitDepth: 12,
  isTriggerCam: false,
});
const SCALE = (2.9 / 400) * 206.264806;

/** The feature at work, without a camera. */
async function feature({ isLight = true } = {}) {
  const device = new RecordedDevice();
  let source: KeywordSource | undefined;
  device.onConnect((connection) => {
    source = wcs(connection, CAMERA, {
      type: () => ({ isLight }),
      scope: {
        keywords: () => () => undefined,
        scaleKeywords: () => () => undefined,
        scaleOf: ({ binning }) => SCALE * binning,
      },
      observatory: () => ({
        equatorial: { ra: POINTING.ra / 15, dec: POINTING.dec, epoch: "J2000" },
      }),
      message: (text) => device.message(text),
    });
  });
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  await settle();
  device.told();
  const ask = async (...request: Parameters<typeof device.ask>) => {
    device.ask(...request);
    await settle();
    return device.told();
  };
  const header = (what: Picture) => fitsHeaderOf(what, source?.() ?? (() => undefined));
  return { ask, header };
}

async function oriented(angle: number) {
  const { ask, header } = await feature();
  await ask("Switch", "WCS_CONTROL", { WCS_ENABLE: "On" });
  await ask("Number", "CCD_ROTATION", { CCD_ROTATION_VALUE: `${angle}` });
  return header;
}

test("the orientation is there while coordinates are wanted", async () => {
  const { ask } = await feature();
  expect(await ask("Switch", "WCS_CONTROL", { WCS_ENABLE: "On" })).toEqual([
    "def CCD_ROTATION Idle CCD_ROTATION_VALUE=0",
    "[INFO] World Coordinate System is enabled.",
    "WCS_CONTROL Busy WCS_ENABLE=Off,WCS_DISABLE=On",
    "WCS_CONTROL Ok WCS_ENABLE=On,WCS_DISABLE=Off",
  ]);
  expect(await ask("Number", "CCD_ROTATION", { CCD_ROTATION_VALUE: "30" })).toEqual([
    "[INFO] Camera Orientation updated to 30 degrees.",
    "CCD_ROTATION Ok CCD_ROTATION_VALUE=30",
  ]);
  expect(await ask("Switch", "WCS_CONTROL", { WCS_DISABLE: "On" })).toEqual([
    "WCS_CONTROL Busy WCS_ENABLE=On,WCS_DISABLE=Off",
    "del CCD_ROTATION",
    "[INFO] World Coordinate System is disabled.",
    "WCS_CONTROL Ok WCS_ENABLE=Off,WCS_DISABLE=On",
  ]);
});

test("nothing is told before the orientation is, nor of pictures without sky", async () => {
  const { ask, header } = await feature();
  await ask("Switch", "WCS_CONTROL", { WCS_ENABLE: "On" });
  expect(header(picture())).toEqual({});
  const dark = await feature({ isLight: false });
  await dark.ask("Switch", "WCS_CONTROL", { WCS_ENABLE: "On" });
  await dark.ask("Number", "CCD_ROTATION", { CCD_ROTATION_VALUE: "0" });
  expect(dark.header(picture())).toEqual({});
});

test("north up and east left, columns run against right ascension and rows against declination", async () => {
  const header = await oriented(0);
  const whole = { left: 0, top: 0, width: 1936, height: 1096 };
  expect(header(picture({ roi: whole }))).toEqual({
    CRVAL1: 56.75,
    CRVAL2: 24.12,
    RADESYS: "FK5",
    CTYPE1: "RA---TAN",
    CTYPE2: "DEC--TAN",
    CRPIX1: 968.5,
    CRPIX2: 548.5,
    SECPIX1: SCALE,
    SECPIX2: SCALE,
    CDELT1: -SCALE / 3600,
    CDELT2: -SCALE / 3600,
    CROTA1: 0,
    CROTA2: 0,
  });
});

const PICTURES = [
  { title: "the whole sensor", binning: 1, flip: 0 },
  { title: "the whole sensor, binned", binning: 2, flip: 0 },
  { title: "a part", binning: 1, flip: 0, frame: { X: 901, Y: 31, WIDTH: 901, HEIGHT: 801 } },
  { title: "mirrored columns", binning: 1, flip: 1 },
  { title: "mirrored rows", binning: 1, flip: 2 },
  {
    title: "both mirrored, a binned part",
    binning: 2,
    flip: 3,
    frame: { X: 100, Y: 60, WIDTH: 1400, HEIGHT: 900 },
  },
];

/** Where the stars of the catalogue are, by astropy's reading of the header, and where the light is, in pixels. */
const RESIDUALS = `
import json, sys
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

data = fits.getdata(sys.argv[1]).astype(float)
wcs = WCS(json.loads(sys.argv[2]))
stars = np.array(json.loads(sys.argv[3]))
data -= np.median(data)
height, width = data.shape
residuals = []
for x, y in wcs.all_world2pix(stars, 0):
    column, row = int(round(x)), int(round(y))
    if not (12 <= column < width - 12 and 12 <= row < height - 12):
        continue
    window = data[row - 8:row + 9, column - 8:column + 9]
    rows, columns = np.mgrid[row - 8:row + 9, column - 8:column + 9]
    light = np.clip(window - window.max() * 0.2, 0, None)
    residuals.append([float((light * columns).sum() / light.sum() - x), float((light * rows).sum() / light.sum() - y)])
print(json.dumps({"count": len(residuals), "median": float(np.median(np.hypot(*np.array(residuals).T)))}))`;

const STARS = readFileSync(
  new URL("../../simulator/sky/tycho2-fields.csv", import.meta.url),
  "utf8",
)
  .split("\n")
  .map((line) => line.split(","))
  .filter(([field, , , magnitude]) => field === "pleiades" && Number(magnitude) < 8)
  .map(([, ra, dec]) => [Number(ra), Number(dec)]);

test("stars are where the header says, whatever the frame, the binning and the flip", async () => {
  const { observer } = await cameraAt("ASI290MM Mini", {
    ASI_SIM_POINTING: `${POINTING.ra},${POINTING.dec}`,
    ASI_SIM_ROTATION: `${ROTATION}`,
  });
  const header = await oriented(ROTATION);
  for (const { title, binning, flip, frame } of PICTURES) {
    await observer.set("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
    if (frame === undefined) await observer.choose("CCD_FRAME_RESET", "RESET");
    else await observer.set("CCD_FRAME", frame);
    const [horizontal, vertical] = [(flip & 1) !== 0, (flip & 2) !== 0];
    const answer = observer.answer("FLIP");
    observer.client.newSwitches(observer.device, "FLIP", {
      FLIP_HORIZONTAL: horizontal,
      FLIP_VERTICAL: vertical,
    });
    await answer;
    const { data } = await observer.expose(0.2);
    const { keywords, width, height } = readFits(data);
    const roi = {
      left: Number(keywords.get("XORGSUBF")),
      top: Number(keywords.get("YORGSUBF")),
      width,
      height,
    };
    const told = header(picture({ roi, binning, flip: { horizontal, vertical } }));
    const read = python(
      RESIDUALS,
      fileOf(data, "sky.fits"),
      JSON.stringify(told),
      JSON.stringify(STARS),
    );
    expect({ title, read }).toEqual({
      title,
      read: { count: expect.any(Number), median: expect.closeTo(0, 0) },
    });
    expect(read).toMatchObject({ count: expect.toSatisfy((count) => count >= 3) });
  }
}, 120_000);
