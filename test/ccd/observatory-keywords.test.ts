import { expect, test } from "vitest";
import type { Keywords } from "../../src/ccd/keywords.js";
import type { Observatory } from "../../src/ccd/observatory.js";
import {
  accessoryKeywords,
  filterKeywords,
  pointingKeywords,
} from "../../src/ccd/observatory-keywords.js";
import { fitsHeaderOf, picture } from "./picture.js";

const STARTED = Date.UTC(2026, 10, 20, 22);

function keywordsOf(keywords: Keywords): Record<string, unknown> {
  return fitsHeaderOf(picture({ startedAt: STARTED, seconds: 120 }), keywords);
}

function pointingAt(observatory: Observatory): Record<string, unknown> {
  return keywordsOf(pointingKeywords(() => observatory));
}

const ORION = { ra: 84.15971 / 15, dec: -5.371829, epoch: "JNow" } as const;
const VIENNA = { latitude: 48.2, longitude: 16.4 };

test("a mount's coordinates of date are told at J2000", () => {
  const header = pointingAt({ equatorial: ORION });
  expect(header).toMatchObject({
    OBJCTRA: expect.stringMatching(/^ 5 35 17\.\d\d$/),
    OBJCTDEC: expect.stringMatching(/^-5 23 27\.\d\d$/),
    EQUINOX: 2000,
  });
  expect(header.RA).toBeCloseTo(83.822, 3);
  expect(header.DEC).toBeCloseTo(-5.391, 3);
  expect(header).not.toHaveProperty("AIRMASS");
  expect(header).not.toHaveProperty("SITELAT");
});

test("coordinates at J2000 are told as they are", () => {
  const equatorial = { ra: 5.588, dec: -0.5, epoch: "J2000" } as const;
  expect(pointingAt({ equatorial })).toMatchObject({
    OBJCTRA: " 5 35 16.80",
    OBJCTDEC: "-0 30 00.00",
    RA: expect.closeTo(83.82, 9),
    DEC: -0.5,
  });
});

test("a known site adds where the telescope looked, in the middle of the exposure", () => {
  const header = pointingAt({ equatorial: ORION, site: VIENNA, pierSide: "west" });
  expect(header).toMatchObject({ SITELAT: 48.2, SITELONG: 16.4, PIERSIDE: "WEST" });
  // A minute after 136.7287, 27.0233.
  expect(header.OBJCTAZ).toBeCloseTo(136.99, 1);
  expect(header.OBJCTALT).toBeCloseTo(27.14, 1);
  expect(header.AIRMASS).toBeCloseTo(2.184, 2);
});

test("below the horizon there is no airmass", () => {
  const equatorial = { ra: 201.755614 / 15, dec: -43.156481, epoch: "JNow" } as const;
  const header = pointingAt({ equatorial, site: VIENNA });
  expect(header.OBJCTALT).toBeLessThan(-70);
  expect(header).not.toHaveProperty("AIRMASS");
});

test("nothing is told of what is not known", () => {
  expect(pointingAt({ site: VIENNA })).toEqual({});
  expect(keywordsOf(accessoryKeywords(() => ({})))).toEqual({});
  expect(keywordsOf(filterKeywords(() => ({})))).toEqual({});
});

test("sky meter, rotator, focuser and filter wheel have their keywords", () => {
  const observatory = () => ({
    skyQuality: 21.3,
    rotatorAngle: 45,
    focuserPosition: 12345.4,
    focuserTemperature: -3.5,
    filter: "Ha",
  });
  expect(keywordsOf(accessoryKeywords(observatory))).toEqual({
    MPSAS: 21.3,
    ROTATANG: 45,
    FOCUSPOS: 12345,
    FOCUSTEM: -3.5,
  });
  expect(keywordsOf(filterKeywords(observatory))).toEqual({ FILTER: "Ha" });
});
