import { expect, test } from "vitest";
import { airmass, toApparent, toHorizontal, toJ2000 } from "../../src/ccd/sky-position.js";

/**
 * Places from ERFA, the library of the IAU's own routines (atci13 and atio13 without refraction): J2000, apparent,
 * and above 48.2 north, 16.4 east.
 */
const PLACES = [
  ["2026-11-20T22:00:00Z", 10.684, 41.269, 11.058595, 41.421013, 267.960894, 64.323402],
  ["2026-11-20T22:00:00Z", 83.822, -5.391, 84.15971, -5.371829, 136.728767, 27.023307],
  ["2026-11-20T22:00:00Z", 37.95, 89.264, 47.230907, 89.378401, 0.014925, 48.821521],
  ["2030-06-01T03:00:00Z", 279.235, 38.784, 279.49947, 38.810317, 259.269301, 65.480334],
  ["2030-06-01T03:00:00Z", 350, -80, 350.547448, -79.825994, 171.565632, -40.00849],
  ["2024-02-29T12:00:00Z", 201.365, -43.019, 201.72251, -43.14363, 275.413882, -70.894492],
] as const;

interface Place {
  readonly ra: number;
  readonly dec: number;
}

/** How far two places are from each other, in arcseconds. */
function distance(a: Place, b: Place): number {
  const across = (a.ra - b.ra) * Math.cos((a.dec * Math.PI) / 180);
  return Math.hypot(across, a.dec - b.dec) * 3600;
}

test.each(PLACES)("%s: the J2000 place of %f, %f is found from its apparent place", (...place) => {
  const [time, ra, dec, apparentRa, apparentDec] = place;
  const found = toJ2000({ ra: apparentRa, dec: apparentDec }, new Date(time));
  expect(distance(found, { ra, dec })).toBeLessThan(0.5);
});

test.each(PLACES)("%s: the apparent place of %f, %f is found from its J2000 place", (...place) => {
  const [time, ra, dec, apparentRa, apparentDec] = place;
  const found = toApparent({ ra, dec }, new Date(time));
  expect(distance(found, { ra: apparentRa, dec: apparentDec })).toBeLessThan(0.5);
});

test.each(PLACES)("%s: %f, %f stands where it is seen", (...place) => {
  const [time, , , ra, dec, azimuth, altitude] = place;
  const site = { latitude: 48.2, longitude: 16.4 };
  const found = toHorizontal({ ra, dec }, site, new Date(time));
  expect(
    distance({ ra: found.azimuth, dec: found.altitude }, { ra: azimuth, dec: altitude }),
  ).toBeLessThan(20);
});

test("the air is as thick as Pickering says, and not told below the horizon", () => {
  expect(airmass(90)).toBeCloseTo(1, 4);
  expect(airmass(30)).toBeCloseTo(1.993, 3);
  expect(airmass(1)).toBeCloseTo(26.3, 0);
  expect(airmass(0)).toBeUndefined();
  expect(airmass(-20)).toBeUndefined();
});
