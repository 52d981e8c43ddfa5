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

test("a picture taken beside a mount under indiserver says where in the sky it is, from where", async () => {
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
  client.newNumbers(MOUNT, "EQUATORIAL_EOD_COORD", { RA: RA_HOURS, DEC });
  await client.until(
    () => {
      const { elements, state } = client.property(MOUNT, "EQUATORIAL_EOD_COORD") ?? {};
      const dec = Number(elements?.get("DEC")?.value);
      return state !== "Busy" && Math.abs(dec - DEC) < 0.01;
    },
    { timeout: 15_000 },
  );

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

async function exposed(observer: Observer): Promise<Uint8Array> {
  return (await observer.expose()).data;
}

function number(keywords: ReadonlyMap<string, unknown>, name: string): number {
  const value = keywords.get(name);
  if (typeof value !== "number") throw new Error(`${name} is ${value}`);
  return value;
}
