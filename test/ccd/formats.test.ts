import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { CLEAN, fitsverify, funpack } from "../support/programs.js";
import { readXisf } from "../support/xisf.js";
import { cameraAt } from "./camera-at.js";

const PATTERN = { ASI_SIM_PATTERN: "1" };
const SMALL = { X: 100, Y: 50, WIDTH: 61, HEIGHT: 37 };
const CAMERA_FORMATS = ["RAW8", "RGB24", "RAW16", "Y8"] as const;

/** The values of the first test pattern over the small frame, planes one after the other (simulator/src/pattern.c). */
function pattern(format: (typeof CAMERA_FORMATS)[number]): number[] {
  const values = Array.from({ length: SMALL.WIDTH * SMALL.HEIGHT }, (_, at) => {
    const x = SMALL.X + (at % SMALL.WIDTH);
    const y = SMALL.Y + Math.floor(at / SMALL.WIDTH);
    return (x * 257 + y * 1543 + 4099) & 0xffff;
  });
  if (format === "RAW16") return values.map((value) => value & 0xfffc);
  const bytes = values.map((value) => value >> 8);
  if (format !== "RGB24") return bytes;
  return [170, 85, 0].flatMap((shift) => bytes.map((value) => (value + shift) & 255));
}

async function smallCamera(format: (typeof CAMERA_FORMATS)[number]) {
  const place = await cameraAt("ASI294MC Pro", PATTERN);
  const { observer } = place;
  await observer.choose("CCD_CAPTURE_FORMAT", `ASI_IMG_${format}`);
  await observer.set("CCD_FRAME", SMALL);
  return place;
}

test.each(CAMERA_FORMATS)(
  "a compressed FITS file of %s unpacks to the file saved beside it",
  async (format) => {
    const { observer, home } = await smallCamera(format);
    await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
    await observer.choose("CCD_COMPRESSION", "INDI_ENABLED");
    const { format: extension, data, size } = await observer.expose();
    const saved = readFileSync(join(home, "IMAGE_001.fits"));
    expect(extension).toBe(".fits.fz");
    expect(size).toBe(saved.length);
    expect(fitsverify(data)).toContain(CLEAN);
    expect(fitsverify(saved)).toContain(CLEAN);
    const unpacked = readFits(funpack(data));
    expect([...unpacked.pixels]).toEqual(pattern(format));
    expect(unpacked.keywords.get("DATE-OBS")).toBe(readFits(saved).keywords.get("DATE-OBS"));
    expect([...unpacked.pixels]).toEqual([...readFits(saved).pixels]);
  },
);

test.each(CAMERA_FORMATS)(
  "an XISF file of %s holds the picture, compressed or not",
  async (format) => {
    const { observer, home } = await smallCamera(format);
    await observer.choose("CCD_TRANSFER_FORMAT", "FORMAT_XISF");
    await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
    await observer.choose("CCD_COMPRESSION", "INDI_ENABLED");
    const { format: extension, data } = await observer.expose();
    const saved = readFileSync(join(home, "IMAGE_001.xisf"));
    expect(extension).toBe(".xisf");
    const compressed = readXisf(data);
    expect(compressed.image.compression).toMatch(/^zlib/);
    expect(readXisf(saved).image.compression).toBeUndefined();
    expect(readXisf(saved).values).toEqual(compressed.values);
    expect(compressed.values).toEqual(pattern(format));
    expect(readXisf(saved).keywords).toEqual(compressed.keywords);

    expect(compressed.image.colorSpace).toBe(format === "RGB24" ? "RGB" : "Gray");
  },
);

test("bare pixels are the values as the camera has them, and inflate to their size", async () => {
  const { observer, home } = await smallCamera("RAW16");
  await observer.choose("CCD_TRANSFER_FORMAT", "FORMAT_NATIVE");
  await observer.choose("UPLOAD_MODE", "UPLOAD_BOTH");
  await observer.choose("CCD_COMPRESSION", "INDI_ENABLED");
  const { format, data, size } = await observer.expose();
  expect(format).toBe(".bin.z");
  expect(size).toBe(61 * 37 * 2);
  expect(inflateSync(data).equals(readFileSync(join(home, "IMAGE_001.bin")))).toBe(true);
});

test("the daemon answers at once while a large picture is compressed", async () => {
  const { observer } = await cameraAt("ASI6200MM Pro");
  await observer.choose("CCD_COMPRESSION", "INDI_ENABLED");
  const picture = observer.expose();
  let slowest = 0;
  let isDone = false;
  void picture.then(() => {
    isDone = true;
  });
  while (!isDone) {
    const asked = performance.now();
    const answer = observer.answer("POLLING_PERIOD");
    observer.client.newNumbers(observer.device, "POLLING_PERIOD", { PERIOD_MS: 1000 });
    await answer;
    slowest = Math.max(slowest, performance.now() - asked);
  }
  expect((await picture).format).toBe(".fits.fz");
  expect(slowest).toBeLessThan(300);
}, 60_000);
