import { describe, expect, test } from "vitest";
import { ActiveDevices } from "../../src/ccd/active-devices.js";
import { RemoteProperties } from "../../src/indi/remote-properties.js";
import { Snoop } from "../../src/indi/snoop.js";
import type { State } from "../../src/indi/types.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";

const MINUTE = 60_000;

/** A camera whose active devices tell what the test says. */
function camera() {
  let now = 0;
  const asked: string[] = [];
  const told = new RemoteProperties(() => now);
  const snoop = new Snoop();
  snoop.attach({
    getProperties: (device, name) => void asked.push(`${device}.${name}`),
    property: (device, name) => told.property(device, name),
    forget: (device, name) => told.forget(device, name),
  });
  const device = new RecordedDevice();
  const devices = new ActiveDevices(device, snoop, () => now);
  devices.watch();
  return {
    device,
    asked: () => asked.splice(0),
    observatory: () => devices.observatory(),
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
    gone: (name: string) => told.note({ tag: "delProperty", device: name }),
    tell(from: string, name: string, state: State, values: Record<string, string | number>) {
      const heading = {
        tag: "def",
        kind: "Text",
        label: "",
        group: "",
        perm: "ro",
        timeout: 0,
      } as const;
      const elements = Object.entries(values).map(([element, value]) => ({
        name: element,
        label: "",
        value: `${value}`,
      }));
      told.note({ ...heading, device: from, name, state, elements });
    },
  };
}

const MOUNT = "Telescope Simulator";

describe("the active devices", () => {
  test("are asked for eleven properties at the start", () => {
    expect(camera().asked()).toEqual([
      "Telescope Simulator.EQUATORIAL_EOD_COORD",
      "Telescope Simulator.EQUATORIAL_COORD",
      "Telescope Simulator.TELESCOPE_INFO",
      "Telescope Simulator.GEOGRAPHIC_COORD",
      "Telescope Simulator.TELESCOPE_PIER_SIDE",
      "Rotator Simulator.ABS_ROTATOR_ANGLE",
      "Focuser Simulator.ABS_FOCUS_POSITION",
      "Focuser Simulator.FOCUS_TEMPERATURE",
      "CCD Simulator.FILTER_SLOT",
      "CCD Simulator.FILTER_NAME",
      "SQM.SKY_QUALITY",
    ]);
  });

  test("are asked anew when one is changed, all of its properties and no other's", async () => {
    const { device, asked } = camera();
    asked();
    device.ask("Text", "ACTIVE_DEVICES", { ACTIVE_TELESCOPE: "EQMod Mount" });
    await settle();
    expect(asked()).toEqual([
      "EQMod Mount.EQUATORIAL_EOD_COORD",
      "EQMod Mount.EQUATORIAL_COORD",
      "EQMod Mount.TELESCOPE_INFO",
      "EQMod Mount.GEOGRAPHIC_COORD",
      "EQMod Mount.TELESCOPE_PIER_SIDE",
    ]);
    device.ask("Text", "ACTIVE_DEVICES", { ACTIVE_ROTATOR: "" });
    await settle();
    expect(asked()).toEqual([]);
    expect(device.told().at(-1)).toBe(
      "ACTIVE_DEVICES Ok ACTIVE_TELESCOPE=EQMod Mount,ACTIVE_ROTATOR=," +
        "ACTIVE_FOCUSER=Focuser Simulator,ACTIVE_FILTER=CCD Simulator,ACTIVE_SKYQUALITY=SQM",
    );
  });

  test("tell of the observatory", () => {
    const { tell, observatory } = camera();
    expect(observatory()).toEqual({});
    tell(MOUNT, "EQUATORIAL_EOD_COORD", "Ok", { RA: "5:30:00", DEC: -12.5 });
    tell(MOUNT, "TELESCOPE_INFO", "Ok", { TELESCOPE_APERTURE: 120, TELESCOPE_FOCAL_LENGTH: 900 });
    tell(MOUNT, "GEOGRAPHIC_COORD", "Ok", { LAT: 48.1, LONG: 348.5, ELEV: 520 });
    tell(MOUNT, "TELESCOPE_PIER_SIDE", "Ok", { PIER_WEST: "Off", PIER_EAST: "On" });
    tell("Rotator Simulator", "ABS_ROTATOR_ANGLE", "Ok", { ANGLE: 33.5 });
    tell("Focuser Simulator", "ABS_FOCUS_POSITION", "Ok", { FOCUS_ABSOLUTE_POSITION: 50000 });
    tell("Focuser Simulator", "FOCUS_TEMPERATURE", "Idle", { TEMPERATURE: -3.5 });
    tell("CCD Simulator", "FILTER_SLOT", "Ok", { FILTER_SLOT_VALUE: 2 });
    tell("CCD Simulator", "FILTER_NAME", "Idle", {
      FILTER_SLOT_NAME_1: "L",
      FILTER_SLOT_NAME_2: "Ha",
    });
    tell("SQM", "SKY_QUALITY", "Ok", { SKY_BRIGHTNESS: 21.3 });
    expect(observatory()).toEqual({
      equatorial: { ra: 5.5, dec: -12.5, epoch: "JNow" },
      scope: { focalLength: 900, aperture: 120 },
      site: { latitude: 48.1, longitude: -11.5, elevation: 520 },
      pierSide: "east",
      rotatorAngle: 33.5,
      focuserPosition: 50000,
      focuserTemperature: -3.5,
      filter: "Ha",
      skyQuality: 21.3,
    });
  });

  test("are not believed while they move or are in trouble", () => {
    const { tell, observatory } = camera();
    for (const state of ["Busy", "Alert"] as const) {
      tell(MOUNT, "EQUATORIAL_EOD_COORD", state, { RA: 5, DEC: 10 });
      tell("Rotator Simulator", "ABS_ROTATOR_ANGLE", state, { ANGLE: 33.5 });
      tell("CCD Simulator", "FILTER_SLOT", state, { FILTER_SLOT_VALUE: 1 });
      tell("CCD Simulator", "FILTER_NAME", "Ok", { A: "L" });
      expect(observatory()).toEqual({});
    }
    tell(MOUNT, "EQUATORIAL_COORD", "Ok", { RA: 6, DEC: 20 });
    expect(observatory()).toEqual({ equatorial: { ra: 6, dec: 20, epoch: "J2000" } });
  });

  test("are forgotten once they are deleted", () => {
    const { tell, gone, observatory } = camera();
    tell(MOUNT, "EQUATORIAL_EOD_COORD", "Ok", { RA: 5, DEC: 10 });
    gone(MOUNT);
    expect(observatory()).toEqual({});
  });

  test("lose only their readings to age, as positions are told when they change", () => {
    const { tell, wait, observatory } = camera();
    tell(MOUNT, "EQUATORIAL_EOD_COORD", "Ok", { RA: 5, DEC: 10 });
    tell("Focuser Simulator", "FOCUS_TEMPERATURE", "Ok", { TEMPERATURE: 1 });
    tell("SQM", "SKY_QUALITY", "Ok", { SKY_BRIGHTNESS: 21.3 });
    wait(30 * MINUTE);
    expect(observatory()).toMatchObject({ focuserTemperature: 1, skyQuality: 21.3 });
    wait(1);
    expect(observatory()).toEqual({ equatorial: { ra: 5, dec: 10, epoch: "JNow" } });
  });

  test("may tell nonsense, of which nothing is believed", () => {
    const { tell, observatory } = camera();
    tell(MOUNT, "EQUATORIAL_EOD_COORD", "Ok", { RA: 25, DEC: 10 });
    tell(MOUNT, "GEOGRAPHIC_COORD", "Ok", { LAT: 91, LONG: 10 });
    tell(MOUNT, "TELESCOPE_INFO", "Ok", { TELESCOPE_APERTURE: 0, TELESCOPE_FOCAL_LENGTH: 0 });
    tell("CCD Simulator", "FILTER_SLOT", "Ok", { FILTER_SLOT_VALUE: 0 });
    tell("CCD Simulator", "FILTER_NAME", "Ok", { FILTER_SLOT_NAME_1: "L" });
    expect(observatory()).toEqual({});
  });
});
