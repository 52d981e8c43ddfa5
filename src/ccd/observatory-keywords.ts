import type { FitsHeader } from "../fits/index.js";
import { real } from "../fits/index.js";
import type { Keywords } from "./keywords.js";
import type { Observatory } from "./observatory.js";
import { airmass, type Equatorial, toApparent, toHorizontal, toJ2000 } from "./sky-position.js";

/** Says which filter was in the light path. */
export function filterKeywords(observatory: () => Observatory): Keywords {
  return (header) => {
    const { filter } = observatory();
    if (filter !== undefined) header.set("FILTER", filter, "Filter");
  };
}

/** Says what sky meter, rotator and focuser told. */
export function accessoryKeywords(observatory: () => Observatory): Keywords {
  return (header) => {
    const { skyQuality, rotatorAngle, focuserPosition, focuserTemperature } = observatory();
    setReal(header, "MPSAS", skyQuality, "Sky Quality (mag per arcsec^2)");
    setReal(header, "ROTATANG", rotatorAngle, "Rotator angle in degrees");
    if (focuserPosition !== undefined) {
      header.set("FOCUSPOS", Math.round(focuserPosition), "Focus position in steps");
    }
    setReal(header, "FOCUSTEM", focuserTemperature, "Focuser temperature in degrees C");
  };
}

/** Says where the telescope pointed, from where. */
export function pointingKeywords(observatory: () => Observatory): Keywords {
  return (header, { startedAt, seconds }) => {
    const { equatorial, site, pierSide } = observatory();
    if (equatorial === undefined) return;
    const start = new Date(startedAt);
    const j2000 = pointing({ equatorial }, start);
    if (site !== undefined) {
      header.set("SITELAT", real(site.latitude), "Latitude of the imaging site in degrees");
      header.set("SITELONG", real(site.longitude), "Longitude of the imaging site in degrees");
      const middle = new Date(startedAt + seconds * 500);
      const { azimuth, altitude } = toHorizontal(toApparent(j2000, middle), site, middle);
      setReal(header, "AIRMASS", airmass(altitude), "Airmass");
      header.set("OBJCTAZ", real(azimuth), "Azimuth of center of image in Degrees");
      header.set("OBJCTALT", real(altitude), "Altitude of center of image in Degrees");
    }
    header.set("OBJCTRA", sexagesimal(j2000.ra / 15), "Object J2000 RA in Hours");
    header.set("OBJCTDEC", sexagesimal(j2000.dec), "Object J2000 DEC in Degrees");
    header.set("RA", real(j2000.ra), "Object J2000 RA in Degrees");
    header.set("DEC", real(j2000.dec), "Object J2000 DEC in Degrees");
    if (pierSide === "west") header.set("PIERSIDE", "WEST", "West, looking East");
    if (pierSide === "east") header.set("PIERSIDE", "EAST", "East, looking West");
    header.set("EQUINOX", 2000, "Equinox");
  };
}

/** Where the mount points, at epoch J2000. */
export function pointing(
  { equatorial }: { equatorial: NonNullable<Observatory["equatorial"]> },
  time: Date,
): Equatorial {
  const place = { ra: equatorial.ra * 15, dec: equatorial.dec };
  return equatorial.epoch === "J2000" ? place : toJ2000(place, time);
}

function setReal(header: FitsHeader, keyword: string, value: number | undefined, comment: string) {
  if (value !== undefined) header.set(keyword, real(value), comment);
}

/** Hours or degrees with minutes and seconds, such as ` 5 28 22.31`. */
function sexagesimal(value: number): string {
  const hundredths = Math.round(Math.abs(value) * 360_000);
  const whole = `${value < 0 ? "-" : ""}${Math.floor(hundredths / 360_000)}`.padStart(2);
  const minutes = `${Math.floor(hundredths / 6000) % 60}`.padStart(2, "0");
  const seconds = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${whole} ${minutes} ${seconds}`;
}
