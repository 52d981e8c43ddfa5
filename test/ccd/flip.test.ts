import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { Observer } from "../integration/observer.js";
import { cameraAt } from "./camera-at.js";

/** The sensor of the simulated ASI294MC Pro, RGGB, 14 bits. */
const SENSOR = { width: 4144, height: 2822 };

/** The values of test pattern number `number` at a place of the unbinned or binned sensor (simulator/src/pattern.c). */
function pattern(column: number, row: number, binning: number, number: number): number {
  return (column * 257 + row * 1543 + binning * 4099 + number * 8209) & 0xfffc;
}

const FLIPS = [
  { horizontal: false, vertical: false },
  { horizontal: true, vertical: false },
  { horizontal: false, vertical: true },
  { horizontal: true, vertical: true },
];

const FRAMES = [
  { binning: 1, X: 101, Y: 51, WIDTH: 61, HEIGHT: 37 },
  { binning: 1, X: 4144 - 75, Y: 2822 - 41, WIDTH: 75, HEIGHT: 41 },
  { binning: 2, X: 202, Y: 106, WIDTH: 122, HEIGHT: 74 },
];

async function mirror(observer: Observer, { horizontal, vertical }: (typeof FLIPS)[number]) {
  const answer = observer.answer("FLIP");
  observer.client.newSwitches(observer.device, "FLIP", {
    FLIP_HORIZONTAL: horizontal,
    FLIP_VERTICAL: vertical,
  });
  expect(await answer).toMatchObject({ state: "Ok" });
}

test("a part of a mirrored picture is what was seen there in the whole one", async () => {
  const { observer } = await cameraAt("ASI294MC Pro", { ASI_SIM_PATTERN: "1" });
  let number = 0;
  for (const flip of FLIPS) {
    for (const { binning, ...frame } of FRAMES) {
      await mirror(observer, { horizontal: false, vertical: false });
      await observer.set("CCD_BINNING", { HOR_BIN: binning, VER_BIN: binning });
      await observer.set("CCD_FRAME", frame);
      // The frame stands when pictures are mirrored: it counts in the mirrored picture from then on.
      await mirror(observer, flip);
      expect(observer.values("CCD_FRAME")).toEqual(
        Object.fromEntries(Object.entries(frame).map(([name, value]) => [name, `${value}`])),
      );
      const { width, height, pixels } = readFits((await observer.expose()).data);
      const expected = Array.from({ length: width * height }, (_, at) => {
        const x = frame.X / binning + (at % width);
        const y = frame.Y / binning + Math.floor(at / width);
        const column = flip.horizontal ? SENSOR.width / binning - 1 - x : x;
        const row = flip.vertical ? SENSOR.height / binning - 1 - y : y;
        return pattern(column, row, binning, number);
      });
      expect({ flip, frame, pixels: [...pixels] }).toEqual({ flip, frame, pixels: expected });
      number++;
    }
  }
}, 60_000);

test("the Bayer matrix follows the frame and mirroring, in headers and for clients", async () => {
  const { observer } = await cameraAt("ASI294MC Pro", { ASI_SIM_SKY_BACKGROUND: "10" });
  const frame = { X: 100, Y: 50, WIDTH: 64, HEIGHT: 32 };

  async function cells(): Promise<Record<string, number>> {
    const { width, pixels, keywords } = readFits((await observer.expose(0.2)).data);
    const letters = keywords.get("BAYERPAT");
    expect(letters).toBe(observer.values("CCD_CFA").CFA_TYPE);
    const sums = [0, 0, 0, 0];
    pixels.forEach((value, at) => {
      const cell = (Math.floor(at / width) % 2) * 2 + (at % 2);
      sums[cell] = (sums[cell] ?? 0) + value;
    });
    const byColour: Record<string, number> = { R: 0, G: 0, B: 0 };
    sums.forEach((sum, cell) => {
      const colour = String(letters)[cell] ?? "";
      byColour[colour] =
        (byColour[colour] ?? 0) + sum / (colour === "G" ? 2 : 1) / (pixels.length / 4);
    });
    return byColour;
  }

  await observer.set("CCD_FRAME", frame);
  const plain = await cells();
  expect(Math.abs((plain.R ?? 0) - (plain.B ?? 0))).toBeGreaterThan(0.1 * (plain.G ?? 0));
  const seen: string[] = [];
  for (const flip of FLIPS) {
    for (const [X, Y] of [
      [100, 50],
      [101, 50],
      [100, 51],
      [101, 51],
    ] as const) {
      await observer.set("CCD_FRAME", { ...frame, X, Y });
      await mirror(observer, flip);
      const now = await cells();
      for (const colour of ["R", "G", "B"]) {
        expect((now[colour] ?? 0) / (plain[colour] ?? 1)).toBeCloseTo(1, 1);
      }
      seen.push(observer.values("CCD_CFA").CFA_TYPE ?? "");
    }
  }
  expect(seen.join(" ")).toBe(
    "RGGB GRBG GBRG BGGR GRBG RGGB BGGR GBRG GBRG BGGR RGGB GRBG BGGR GBRG GRBG RGGB",
  );
}, 60_000);

test("a matrix that a client corrects is the sensor's, and is shown as pictures have it", async () => {
  const { observer } = await cameraAt("ASI294MC Pro");
  await observer.set("CCD_FRAME", { X: 101, Y: 50, WIDTH: 64, HEIGHT: 32 });
  const answer = observer.answer("CCD_CFA");
  observer.client.newTexts(observer.device, "CCD_CFA", { CFA_TYPE: "BGGR" });
  expect(await answer).toMatchObject({ state: "Ok" });
  expect(observer.values("CCD_CFA").CFA_TYPE).toBe("GBRG");
  expect(readFits((await observer.expose()).data).keywords.get("BAYERPAT")).toBe("GBRG");
});

test("a matrix that a client corrects is saved as the sensor's, wherever pictures are taken", async () => {
  const { observer } = await cameraAt("ASI294MC Pro");
  await observer.set("CCD_FRAME", { X: 101, Y: 50, WIDTH: 64, HEIGHT: 32 });
  const answer = observer.answer("CCD_CFA");
  observer.client.newTexts(observer.device, "CCD_CFA", { CFA_TYPE: "BGGR" });
  await answer;
  await observer.choose("CONFIG_PROCESS", "CONFIG_SAVE");
  await observer.choose("CONNECTION", "DISCONNECT");
  await observer.connect();
  expect(observer.values("CCD_CFA").CFA_TYPE).toBe("RGGB");
  await observer.choose("CONFIG_PROCESS", "CONFIG_LOAD");
  expect(observer.values("CCD_CFA").CFA_TYPE).toBe("GBRG");
  await observer.set("CCD_FRAME", { X: 0, Y: 0, WIDTH: 64, HEIGHT: 32 });
  expect(readFits((await observer.expose()).data).keywords.get("BAYERPAT")).toBe("BGGR");
});

test("pictures cannot be mirrored while one is being taken", async () => {
  const { observer } = await cameraAt("ASI120MM");
  observer.client.newNumbers(observer.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 5 });
  const answer = observer.answer("FLIP");
  observer.client.newSwitches(observer.device, "FLIP", { FLIP_HORIZONTAL: true });
  expect(await answer).toMatchObject({
    state: "Alert",
    message: "[ERROR] An exposure is running. End it first.",
    elements: [{ value: "Off" }, { value: "Off" }],
  });
});

test("the format has two names, which always say the same", async () => {
  const { observer } = await cameraAt("ASI294MC Pro");
  await observer.choose("CCD_VIDEO_FORMAT", "ASI_IMG_RAW8");
  expect(observer.values("CCD_CAPTURE_FORMAT")).toMatchObject({
    ASI_IMG_RAW8: "On",
    ASI_IMG_RAW16: "Off",
  });
  expect(observer.values("CCD_INFO").CCD_BITSPERPIXEL).toBe("8");
  await observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16");
  expect(observer.values("CCD_VIDEO_FORMAT")).toMatchObject({
    ASI_IMG_RAW8: "Off",
    ASI_IMG_RAW16: "On",
  });
  expect(observer.values("CCD_INFO").CCD_BITSPERPIXEL).toBe("16");
});
