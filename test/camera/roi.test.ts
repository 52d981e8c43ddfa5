import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkCapture,
  covers,
  cropInPlace,
  GRID_1024,
  planCapture,
  type Roi,
  USUAL_GRID,
} from "../../src/camera/roi.js";
import type { Sensor } from "../../src/camera/sensor.js";

function sensor(width: number, height: number, binnings = [1, 2, 3, 4]): Sensor {
  return { width, height, pixelSize: 3.76, bitDepth: 16, binnings, formats: ["RAW8", "RAW16"] };
}

const BIG = sensor(9576, 6388);

function roi(left: number, top: number, width: number, height: number): Roi {
  return { left, top, width, height };
}

describe("what the camera reads for a wanted frame", () => {
  function plan(of: Sensor, wanted: Roi, binning = 1, grid = USUAL_GRID, startStep = 2) {
    return planCapture(of, { roi: wanted, binning, format: "RAW16" }, grid, startStep);
  }

  test("is the frame itself where the grid allows it", () => {
    expect(plan(BIG, roi(0, 0, 9576, 6388))).toEqual({
      read: roi(0, 0, 9576, 6388),
      wanted: roi(0, 0, 9576, 6388),
    });
  });

  test("is the next larger rectangle on the grid for an odd frame", () => {
    expect(plan(BIG, roi(101, 51, 333, 201))).toEqual({
      read: roi(100, 50, 336, 202),
      wanted: roi(101, 51, 333, 201),
    });
  });

  test("reaches back where the sensor ends", () => {
    expect(plan(BIG, roi(9569, 6387, 7, 1))).toEqual({
      read: roi(9568, 6386, 8, 2),
      wanted: roi(9569, 6387, 7, 1),
    });
  });

  test("lacks the columns of a binned sensor that no rectangle on the grid reaches", () => {
    expect(plan(BIG, roi(0, 0, 9576, 6388), 2)).toEqual({
      read: roi(0, 0, 4784, 3194),
      wanted: roi(0, 0, 4784, 3194),
    });
  });

  test("counts in binned pixels", () => {
    expect(plan(BIG, roi(100, 60, 640, 480), 4)).toEqual({
      read: roi(24, 14, 168, 122),
      wanted: roi(25, 15, 160, 120),
    });
  });

  test("has a multiple of 1024 pixels for the cameras that want that", () => {
    const { read } = plan(sensor(1280, 960, [1, 2]), roi(7, 3, 100, 100), 1, GRID_1024);
    expect(read).toEqual(roi(6, 2, 128, 112));
    expect((read.width * read.height) % 1024).toBe(0);
  });

  test("starts where a camera with a coarser grid of its own can start", () => {
    expect(plan(BIG, roi(30, 30, 16, 16), 1, USUAL_GRID, 16).read).toEqual(roi(16, 16, 32, 30));
  });

  const captures = fc
    .record({
      width: fc.integer({ min: 128, max: 12000 }),
      height: fc.integer({ min: 64, max: 9000 }),
      binning: fc.integer({ min: 1, max: 4 }),
      startStep: fc.constantFrom(2, 4, 8, 16),
      grid: fc.constantFrom(USUAL_GRID, GRID_1024),
    })
    .filter(({ width, height, binning, grid }) => {
      return width / binning >= grid.width && height / binning >= grid.height;
    })
    .chain((camera) =>
      fc
        .record({
          left: fc.integer({ min: 0, max: camera.width - 1 }),
          top: fc.integer({ min: 0, max: camera.height - 1 }),
        })
        .chain(({ left, top }) =>
          fc.record({
            camera: fc.constant(camera),
            wanted: fc.record({
              left: fc.constant(left),
              top: fc.constant(top),
              width: fc.integer({ min: 1, max: camera.width - left }),
              height: fc.integer({ min: 1, max: camera.height - top }),
            }),
          }),
        ),
    );

  test("always holds the wanted pixels, on the grid and within the sensor", () => {
    fc.assert(
      fc.property(captures, ({ camera, wanted: asked }) => {
        const { width, height, binning, grid, startStep } = camera;
        const { read, wanted } = plan(sensor(width, height), asked, binning, grid, startStep);
        expect(covers(read, wanted)).toBe(true);
        expect(wanted.width).toBeGreaterThan(0);
        expect(wanted.height).toBeGreaterThan(0);
        expect(read.width % grid.width).toBe(0);
        expect(read.height % grid.height).toBe(0);
        expect(read.left % startStep).toBe(0);
        expect(read.top % startStep).toBe(0);
        expect(
          covers(roi(0, 0, Math.floor(width / binning), Math.floor(height / binning)), read),
        ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("gives exactly what was asked wherever that lies in the middle of the sensor", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 4000 }),
        fc.integer({ min: 64, max: 2000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 4000 }),
        (left, top, width, height) => {
          expect(plan(BIG, roi(left, top, width, height)).wanted).toEqual(
            roi(left, top, width, height),
          );
        },
      ),
    );
  });
});

describe("cutting a picture to the wanted frame", () => {
  test("moves its rows to the beginning", () => {
    const pixels = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(cropInPlace(pixels, roi(8, 2, 8, 4), roi(9, 3, 3, 2), "RAW8")).toBe(6);
    expect([...pixels.subarray(0, 6)]).toEqual([9, 10, 11, 17, 18, 19]);
  });

  test("keeps the bytes of a pixel together", () => {
    const pixels = Uint8Array.from({ length: 48 }, (_, index) => index);
    expect(cropInPlace(pixels, roi(0, 0, 8, 2), roi(1, 1, 2, 1), "RGB24")).toBe(6);
    expect([...pixels.subarray(0, 6)]).toEqual([27, 28, 29, 30, 31, 32]);
  });

  test("leaves a picture alone that is all wanted", () => {
    const pixels = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(cropInPlace(pixels, roi(2, 2, 8, 2), roi(2, 2, 8, 2), "RAW16")).toBe(32);
    expect(pixels[31]).toBe(31);
  });
});

describe("a capture that cannot be", () => {
  function refusal(wanted: Roi, binning = 1, format: "RAW8" | "RGB24" = "RAW8") {
    return () => checkCapture(BIG, { roi: wanted, binning, format });
  }

  test.each([
    ["a binning the camera lacks", roi(0, 0, 8, 8), 5, "Binning 5 is not supported"],
    ["a frame beyond the right edge", roi(9570, 0, 8, 8), 1, "horizontal start 9570 and size 8"],
    ["a frame beyond the lower edge", roi(0, 6380, 8, 9), 1, "vertical start 6380 and size 9"],
    ["a frame without pixels", roi(0, 0, 0, 8), 1, "horizontal start 0 and size 0"],
    ["a frame that starts before the sensor", roi(-1, 0, 8, 8), 1, "horizontal start -1"],
    ["half a pixel", roi(0, 0.5, 8, 8), 1, "vertical start 0.5"],
  ])("is refused: %s", (_, wanted, binning, message) => {
    expect(refusal(wanted, binning)).toThrow(message);
  });

  test("is refused: a format the camera lacks", () => {
    expect(refusal(roi(0, 0, 8, 8), 1, "RGB24")).toThrow("this camera has RAW8, RAW16");
  });
});
