/** A direction among the stars, in degrees. */
export interface Equatorial {
  readonly ra: number;
  readonly dec: number;
}

/** A direction above a place, in degrees; azimuth from north over east. */
export interface Horizontal {
  readonly azimuth: number;
  readonly altitude: number;
}

type Vector = readonly [x: number, y: number, z: number];
type Matrix = readonly [Vector, Vector, Vector];

const RADIANS = Math.PI / 180;
const ARCSECONDS = RADIANS / 3600;
const J2000 = Date.UTC(2000, 0, 1, 12);
const CENTURY = 36525 * 86_400_000;

/**
 * The place of an object at epoch J2000 (FK5) whose apparent place at a time is known, good to half an arcsecond.
 *
 * Apparent places are what mounts tell as "JNow": with precession (IAU 2006), nutation and annual aberration.
 */
export function toJ2000(apparent: Equatorial, time: Date): Equatorial {
  const t = centuries(time);
  const mean = multiply(transposed(trueEquator(t)), vectorOf(apparent));
  const velocity = earthVelocity(t);
  return equatorialOf([mean[0] - velocity[0], mean[1] - velocity[1], mean[2] - velocity[2]]);
}

/** The apparent place at a time of an object whose place at epoch J2000 is known. */
export function toApparent(j2000: Equatorial, time: Date): Equatorial {
  const t = centuries(time);
  const [x, y, z] = vectorOf(j2000);
  const velocity = earthVelocity(t);
  const seen: Vector = [x + velocity[0], y + velocity[1], z + velocity[2]];
  return equatorialOf(multiply(trueEquator(t), seen));
}

/** Where an apparent place stands in the sky of a site, without refraction; latitude and longitude in degrees. */
export function toHorizontal(
  { ra, dec }: Equatorial,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
  time: Date,
): Horizontal {
  const hourAngle = (siderealTime(time) + longitude - ra) * RADIANS;
  const [sinDec, cosDec] = [Math.sin(dec * RADIANS), Math.cos(dec * RADIANS)];
  const [sinLat, cosLat] = [Math.sin(latitude * RADIANS), Math.cos(latitude * RADIANS)];
  const north = sinDec * cosLat - cosDec * Math.cos(hourAngle) * sinLat;
  const east = -cosDec * Math.sin(hourAngle);
  const up = sinDec * sinLat + cosDec * Math.cos(hourAngle) * cosLat;
  return {
    azimuth: circle(Math.atan2(east, north) / RADIANS),
    altitude: Math.atan2(up, Math.hypot(north, east)) / RADIANS,
  };
}

/** Air between here and space, 1 at the zenith (Pickering 2002, DIO 12, p. 20); none is defined below the horizon. */
export function airmass(altitude: number): number | undefined {
  if (altitude <= 0) return undefined;
  return 1 / Math.sin((altitude + 244 / (165 + 47 * altitude ** 1.1)) * RADIANS);
}

/** Greenwich mean sidereal time in degrees (IAU 1982; Meeus, Astronomical Algorithms, 12.4). */
function siderealTime(time: Date): number {
  const t = centuries(time);
  return circle(280.46061837 + 360.98564736629 * 36525 * t + 0.000387933 * t ** 2);
}

/** Turns the mean equator and equinox of J2000 into the true ones of a time. */
function trueEquator(t: number): Matrix {
  return product(nutation(t), precession(t));
}

/** Precession of the equator, IAU 2006 (Capitaine, Wallace, Chapront 2003, A&A 412, 567, eq. 40). */
function precession(t: number): Matrix {
  const zeta = 2.650545 + 2306.083227 * t + 0.2988499 * t ** 2 + 0.01801828 * t ** 3;
  const z = -2.650545 + 2306.077181 * t + 1.0927348 * t ** 2 + 0.01826837 * t ** 3;
  const theta = 2004.191903 * t - 0.4294934 * t ** 2 - 0.04182264 * t ** 3;
  return product(
    turnZ(-z * ARCSECONDS),
    product(turnY(theta * ARCSECONDS), turnZ(-zeta * ARCSECONDS)),
  );
}

/** The largest terms of nutation, IAU 1980 (Meeus, chapter 22), good to half an arcsecond. */
function nutation(t: number): Matrix {
  const node = (125.04452 - 1934.136261 * t) * RADIANS;
  const sun = (280.4665 + 36000.7698 * t) * RADIANS;
  const moon = (218.3165 + 481267.8813 * t) * RADIANS;
  const inLongitude =
    -17.2 * Math.sin(node) -
    1.32 * Math.sin(2 * sun) -
    0.23 * Math.sin(2 * moon) +
    0.21 * Math.sin(2 * node);
  const inObliquity =
    9.2 * Math.cos(node) +
    0.57 * Math.cos(2 * sun) +
    0.1 * Math.cos(2 * moon) -
    0.09 * Math.cos(2 * node);
  const obliquity = obliquityOf(t);
  return product(
    turnX(-obliquity - inObliquity * ARCSECONDS),
    product(turnZ(-inLongitude * ARCSECONDS), turnX(obliquity)),
  );
}

/** The velocity of the Earth in units of light's, on the equator of J2000 (Meeus, chapters 23 and 25). */
function earthVelocity(t: number): Vector {
  const constant = 20.49552 * ARCSECONDS;
  const eccentricity = 0.016708634 - 0.000042037 * t;
  const anomaly = (357.52911 + 35999.05029 * t) * RADIANS;
  const centre = 1.914602 * Math.sin(anomaly) + 0.019993 * Math.sin(2 * anomaly);
  /** Degrees the equinox has moved since J2000. */
  const moved = 1.396971 * t;
  const sun = (280.46646 + 36000.76983 * t + centre - moved) * RADIANS;
  const perihelion = (102.93735 + 1.71946 * t - moved) * RADIANS;
  const velocity: Vector = [
    constant * (Math.sin(sun) - eccentricity * Math.sin(perihelion)),
    constant * (-Math.cos(sun) + eccentricity * Math.cos(perihelion)),
    0,
  ];
  return multiply(turnX(-obliquityOf(0)), velocity);
}

/** The mean obliquity of the ecliptic in radians (IAU 2006). */
function obliquityOf(t: number): number {
  return (84381.406 - 46.836769 * t) * ARCSECONDS;
}

function centuries(time: Date): number {
  return (time.getTime() - J2000) / CENTURY;
}

function circle(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

function vectorOf({ ra, dec }: Equatorial): Vector {
  const [lambda, phi] = [ra * RADIANS, dec * RADIANS];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

function equatorialOf([x, y, z]: Vector): Equatorial {
  return {
    ra: circle(Math.atan2(y, x) / RADIANS),
    dec: Math.atan2(z, Math.hypot(x, y)) / RADIANS,
  };
}

/** Coordinates in axes turned by an angle about the x axis. */
function turnX(angle: number): Matrix {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return [
    [1, 0, 0],
    [0, cos, sin],
    [0, -sin, cos],
  ];
}

function turnY(angle: number): Matrix {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return [
    [cos, 0, -sin],
    [0, 1, 0],
    [sin, 0, cos],
  ];
}

function turnZ(angle: number): Matrix {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return [
    [cos, sin, 0],
    [-sin, cos, 0],
    [0, 0, 1],
  ];
}

function transposed([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function multiply([a, b, c]: Matrix, v: Vector): Vector {
  return [dot(a, v), dot(b, v), dot(c, v)];
}

function product(left: Matrix, right: Matrix): Matrix {
  const [a, b, c] = transposed(right);
  const row = (r: Vector): Vector => [dot(r, a), dot(r, b), dot(r, c)];
  return [row(left[0]), row(left[1]), row(left[2])];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
