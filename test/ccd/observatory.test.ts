import { expect, onTestFinished, test } from "vitest";
import { ActiveDevices } from "../../src/ccd/active-devices.js";
import { IndiClient } from "../../src/indi/indi-client.js";
import { Snoop } from "../../src/indi/snoop.js";
import { snoopOn } from "../../src/indi/snoop-connection.js";
import { indiserver } from "../support/indiserver.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";

const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const MOUNT = "Telescope Simulator";

test("INDI's own mount, focuser and filter wheel tell of the observatory, the mount not while it slews", async () => {
  const drivers = ["telescope", "focus", "wheel"].map((name) => `indi_simulator_${name}`);
  const { port } = await indiserver(drivers);
  const snoop = new Snoop();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  void snoopOn({ host: "localhost", port }, snoop, stop.signal, LOG, [50]);
  const device = new RecordedDevice();
  const devices = new ActiveDevices(device, snoop);
  devices.watch();
  device.ask("Text", "ACTIVE_DEVICES", { ACTIVE_FILTER: "Filter Simulator" });
  await settle();

  const client = await IndiClient.connect({ port });
  onTestFinished(() => client.close());
  const timeout = { timeout: 15_000 };
  client.getProperties();
  for (const name of [MOUNT, "Focuser Simulator", "Filter Simulator"]) {
    await client.until(() => client.property(name, "CONNECTION"), timeout);
    client.newSwitches(name, "CONNECTION", { CONNECT: true });
  }
  await client.until(() => client.property(MOUNT, "GEOGRAPHIC_COORD"), timeout);
  client.newNumbers(MOUNT, "GEOGRAPHIC_COORD", { LAT: 48.5, LONG: 350, ELEV: 520 });
  client.newSwitches(MOUNT, "TELESCOPE_PARK", { UNPARK: true });
  await client.until(() => client.property("Filter Simulator", "FILTER_NAME"), timeout);
  client.newNumbers("Filter Simulator", "FILTER_SLOT", { FILTER_SLOT_VALUE: 3 });
  await expect
    .poll(() => devices.observatory(), timeout)
    .toMatchObject({
      site: { latitude: 48.5, longitude: -10, elevation: 520 },
      equatorial: { ra: expect.any(Number), dec: expect.any(Number), epoch: "JNow" },
      focuserPosition: expect.any(Number),
      filter: expect.stringMatching(/\w/),
    });

  const { ra = 0 } = devices.observatory().equatorial ?? {};
  client.newNumbers(MOUNT, "EQUATORIAL_EOD_COORD", { RA: (ra + 3) % 24, DEC: 40 });
  await expect.poll(() => devices.observatory().equatorial, timeout).toBeUndefined();
  expect(devices.observatory().site).toBeDefined();
  client.newSwitches(MOUNT, "TELESCOPE_ABORT_MOTION", { ABORT: true });
  client.newSwitches(MOUNT, "CONNECTION", { DISCONNECT: true });
  await expect.poll(() => devices.observatory().site, timeout).toBeUndefined();
  expect(devices.observatory().focuserPosition).toBeDefined();
});
