import { expect, test } from "vitest";
import { readFits } from "../../../src/fits/index.js";
import type { OneBlob } from "../../../src/indi/messages.js";
import { CLEAN, fitsverify } from "../../support/programs.js";
import { callsFor, eventually } from "../../support/steering.js";
import { cameraAt, picturesOf } from "../camera-at.js";

const WITH_RECEIVER = "ASI174MM Trigger";

/** ASI_ERROR_GPS_DATA_INVALID: the receiver has not found its satellites yet. */
const NO_FIX = "22";

const keywordsOf = ({ data }: OneBlob) => readFits(data).keywords;

/** The time of day in a keyword such as GPS_SU, in milliseconds. */
const time = (picture: OneBlob, keyword: string) =>
  Date.parse(`${keywordsOf(picture).get(keyword)}Z`);

test("a picture says when its first and its last line were taken, and where, in header and properties", async () => {
  const { observer } = await cameraAt(WITH_RECEIVER);
  await observer.set("CCD_CONTROLS", { GPSStartLine: 100, GPSEndLine: 1100, RollingInterval: 10 });
  const before = Date.now();
  const picture = await observer.expose(0.05);
  const after = Date.now();
  expect(Object.fromEntries(keywordsOf(picture))).toMatchObject({
    GPS_SU: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/),
    GPS_LAT: 51.47783,
    GPS_LONG: -0.00147,
    GPS_ALT: 46.8,
    GPS_SAT: 9,
  });
  // A thousand lines of 10 us each.
  expect(time(picture, "GPS_EU") - time(picture, "GPS_SU")).toBe(10);
  expect(time(picture, "GPS_SU")).toBeGreaterThan(before);
  expect(time(picture, "GPS_EU")).toBeLessThan(after);
  expect(observer.values("CCD_GPS")).toMatchObject({ LATITUDE: "51.47783", SATELLITES: "9" });
  expect(observer.values("CCD_GPS_TIME")).toEqual({
    START_LINE: keywordsOf(picture).get("GPS_SU"),
    END_LINE: keywordsOf(picture).get("GPS_EU"),
  });
  expect(fitsverify(picture.data)).toContain(CLEAN);
});

test("of a series each picture has the time of its own", async () => {
  const { daemon, observer } = await cameraAt(WITH_RECEIVER);
  await observer.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
  await observer.set("CCD_FAST_COUNT", { FRAMES: 4 });
  const pictures = picturesOf(observer);
  observer.client.newNumbers(observer.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.2 });
  await eventually("four pictures", () => pictures.length === 4);
  const times = pictures.map((picture) => time(picture, "GPS_SU"));
  for (let i = 1; i < times.length; i++) {
    expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThan(150);
  }
  const fetches = callsFor(daemon.rig, 0).filter(({ name }) => /^ASIGetVideoData/.test(name));
  expect(new Set(fetches.map(({ name }) => name))).toEqual(new Set(["ASIGetVideoDataGPS"]));
});

test("a receiver that has no fix costs no picture, whose header then tells nothing of it", async () => {
  const { daemon, observer } = await cameraAt(WITH_RECEIVER);
  const alert = observer.answer("CCD_GPS");
  daemon.rig.steer("fail", "ASIGetDataAfterExpGPS", NO_FIX, "1");
  daemon.rig.steer("fail", "ASIGPSGetData", NO_FIX, "1");
  const picture = await observer.expose();
  expect([...keywordsOf(picture).keys()].filter((name) => name.startsWith("GPS"))).toEqual([]);
  expect(await alert).toMatchObject({ state: "Alert" });
  expect(keywordsOf(await observer.expose()).get("GPS_SAT")).toBe(9);
});

test("a series goes on without a fix, and with it once there is one", async () => {
  const { daemon, observer } = await cameraAt(WITH_RECEIVER);
  await observer.choose("CCD_FAST_TOGGLE", "INDI_ENABLED");
  await observer.set("CCD_FAST_COUNT", { FRAMES: 4 });
  daemon.rig.steer("fail", "ASIGetVideoDataGPS", NO_FIX, "1");
  daemon.rig.steer("fail", "ASIGPSGetData", NO_FIX, "2");
  const pictures = picturesOf(observer);
  observer.client.newNumbers(observer.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.1 });
  await eventually("four pictures", () => pictures.length === 4);
  const satellites = pictures.map((picture) => keywordsOf(picture).get("GPS_SAT"));
  expect(satellites).toEqual([undefined, undefined, 9, 9]);
});
