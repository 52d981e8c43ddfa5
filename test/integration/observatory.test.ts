import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { PROGRAMS, Rig } from "../support/daemon.js";
import { indiserver } from "../support/indiserver.js";
import { python } from "../support/python.js";
import { Observer } from "./observer.js";

const MOUNT = "Telescope Simulator";

/** Where the mount is told that it points: near the pole, above the horizon of its site at any hour. */
const RA_HOURS = 5.5;
const DEC = 80;

/** How far a place at J2000 is from there, in degrees; astropy precesses. */
function distance(ra: number, dec: number): number {
  const program = `
from sys import argv
from astropy.coordinates import FK5, SkyCoord
from astropy.time import Time
told = SkyCoord(${RA_HOURS * 15}, ${DEC}, unit="deg", frame=FK5(equinox=Time.now()))
print(told.separation(SkyCoord(argv[1], argv[2], unit="deg", frame=FK5(equinox="J2000"))).deg)
`;
  return Number(python(program, `${ra}`, `${dec}`));
}

/** Somebody with a camera and a mount, unparked, under indiserver. */
async function besideMount() {
  const rig = new Rig("ASI290MM Mini");
  onTestFinished(() => rig.remove());
  const path = `${PROGRAMS.directory}:${rig.env.PATH}`;
  const { port } = await indiserver(["indi_simulator_telescope", "indi_asid_ccd"], {
    env: { ...rig.env, PATH: path },
  });
  const observer = await Observer.at(port, "ZWO CCD ASI290MM Mini");
  onTestFinished(() => observer.client.close());
  const { client } = observer;
  const mount = async (name: string) => {
    await client.until(() => client.property(MOUNT, name), { timeout: 15_000 });
  };
  await observer.connect();
  const before = readFits(await exposed(observer)).keywords;
  expect(before.get("TELESCOP")).toBe(MOUNT);
  expect(before.has("RA")).toBe(false);

  await mount("CONNECTION");
  client.newSwitches(MOUNT, "CONNECTION", { CONNECT: true });
  await mount("GEOGRAPHIC_COORD");
  client.newNumbers(MOUNT, "GEOGRAPHIC_COORD", { LAT: 60, LONG: 350, ELEV: 520 });
  await mount("TELESCOPE_PARK");
  client.newSwitches(MOUNT, "TELESCOPE_PARK", { UNPARK: true });
  await mount("ON_COORD_SET");
  client.newSwitches(MOUNT, "ON_COORD_SET", { SYNC: true });
  /** Tells the mount that it points there. */
  const point = async (ra: number, dec: number) => {
    client.newNumbers(MOUNT, "EQUATORIAL_EOD_COORD", { RA: ra, DEC: dec });
    await client.until(
      () => {
        const { elements, state } = client.property(MOUNT, "EQUATORIAL_EOD_COORD") ?? {};
        const [toldRa, toldDec] = ["RA", "DEC"].map((name) => Number(elements?.get(name)?.value));
        const isThere =
          Math.abs((toldRa ?? 99) - ra) < 0.01 && Math.abs((toldDec ?? 99) - dec) < 0.01;
        return state !== "Busy" && isThere;
      },
      { timeout: 15_000 },
    );
  };
  return { observer, client, mount, point };
}

test("a picture taken beside a mount under indiserver says where in the sky it is, from where", async () => {
  const { observer, point } = await besideMount();
  await point(RA_HOURS, DEC);
  const { keywords } = readFits(await exposed(observer));
  // Nutation and aberration are less than that, precession since 2000 is ten times as much.
  expect(distance(number(keywords, "RA"), number(keywords, "DEC"))).toBeLessThan(0.02);
  const [hours = Number.NaN, minutes = 0, seconds = 0] = `${keywords.get("OBJCTRA")}`
    .trim()
    .split(" ")
    .map(Number);
  expect((hours + minutes / 60 + seconds / 3600) * 15).toBeCloseTo(number(keywords, "RA"), 3);
  expect(keywords.get("OBJCTDEC")).toMatch(/^(79|80) \d\d \d\d\.\d\d$/);
  expect(number(keywords, "SITELAT")).toBeCloseTo(60, 4);
  expect(number(keywords, "SITELONG")).toBeCloseTo(-10, 4);
  expect(number(keywords, "OBJCTALT")).toBeGreaterThan(49);
  expect(number(keywords, "OBJCTALT")).toBeLessThan(71);
  expect(number(keywords, "AIRMASS")).toBeCloseTo(
    1 / Math.sin((number(keywords, "OBJCTALT") / 180) * Math.PI),
    2,
  );
  expect(keywords.get("EQUINOX")).toBe(2000);
});

test("a picture tells the mount's telescope and the side of its pier, as they are then", async () => {
  const { observer, client, mount, point } = await besideMount();
  await mount("TELESCOPE_INFO");
  client.newNumbers(MOUNT, "TELESCOPE_INFO", {
    TELESCOPE_APERTURE: 106,
    TELESCOPE_FOCAL_LENGTH: 530,
    GUIDER_APERTURE: 50,
    GUIDER_FOCAL_LENGTH: 200,
  });
  for (const [hourAngle, side] of [
    [-6, "WEST"],
    [6, "EAST"],
  ] as const) {
    await point((siderealHours(-10) - hourAngle + 24) % 24, DEC);
    // The mount tells of its pier in its own time.
    await expect
      .poll(async () => Object.fromEntries(readFits(await exposed(observer)).keywords), {
        timeout: 15_000,
      })
      .toMatchObject({
        PIERSIDE: side,
        FOCALLEN: 530,
        APTDIA: 106,
        SCALE: (2.9 * 206.264806) / 530,
      });
  }
});

/** The sidereal time of now at a longitude, to a minute or so. */
function siderealHours(longitude: number): number {
  const daysSinceJ2000 = Date.now() / 86_400_000 - 10_957.5;
  return (18.697 + 24.0657098244 * daysSinceJ2000 + longitude / 15) % 24;
}

async function exposed(observer: Observer): Promise<Uint8Array> {
  return (await observer.expose()).data;
}

function number(keywords: ReadonlyMap<string, unknown>, name: string): number {
  const value = keywords.get(name);
  if (typeof value !== "number") throw new Error(`${name} is ${value}`);
  return value;
}
