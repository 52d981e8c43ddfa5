import { expect, test } from "vitest";
import { callsFor, eventually } from "../support/steering.js";
import { ccdDevice } from "./ccd-device.js";

/** A cooler that is where it wants to be in less than a second. */
const FAST = { ASI_SIM_COOLER_SECONDS: "0.1" };
const COOLED = "ASI2600MC Pro";

test("A target between whole degrees ends Ok at the nearest whole one", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, FAST);
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-4.6" });
  await hear(/^CCD_TEMPERATURE Busy/);
  const line = await hear(/^CCD_TEMPERATURE Ok/);
  const celsius = Number(/VALUE=(\S+)/.exec(line)?.[1]);
  expect(Math.abs(celsius - -5)).toBeLessThanOrEqual(0.2);
  expect(rig.steer("status")).toMatch(/ -5 +on /);
});

test("A target turns the cooler on, and clients see that", async () => {
  const { device, hear } = await ccdDevice(COOLED, FAST);
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "0" });
  await hear(/^CCD_COOLER Ok COOLER_ON=On,COOLER_OFF=Off/);
  await hear(/^CCD_COOLER_POWER Busy CCD_COOLER_VALUE=\d/);
});

test("Turning the cooler on by its switch is shown and leaves the target alone", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, FAST);
  device.ask("Switch", "CCD_COOLER", { COOLER_ON: "On" });
  await hear(/^CCD_COOLER Ok COOLER_ON=On,COOLER_OFF=Off/);
  expect(rig.steer("status")).toMatch(/ 0 +on /);
});

test("Turning the cooler off ends the way to a target: Idle, not Busy for ever", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, { ASI_SIM_COOLER_SECONDS: "100" });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-10" });
  await hear(/^CCD_TEMPERATURE Busy/);
  device.ask("Switch", "CCD_COOLER", { COOLER_OFF: "On" });
  await hear(/^CCD_TEMPERATURE Idle/);
  await hear(/^CCD_COOLER Idle COOLER_ON=Off,COOLER_OFF=On/);
  expect(rig.steer("status")).toMatch(/ -10 +off /);
});

test("A newer target takes the place of the one on the way", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, FAST);
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-15" });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "5" });
  const line = await hear(/^CCD_TEMPERATURE (Ok|Idle|Alert)/);
  expect(line).toMatch(/^CCD_TEMPERATURE Ok CCD_TEMPERATURE_VALUE=(4\.8|4\.9|5|5\.1|5\.2)$/);
  expect(rig.steer("status")).toMatch(/ 5 +on /);
});

test("A target the cooler cannot reach ends in Alert once nothing moves any more", async () => {
  const { device, hear, passTime } = await ccdDevice(COOLED, {
    ...FAST,
    ASI_SIM_AMBIENT: "30",
  });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-25" });
  await hear(/^CCD_TEMPERATURE Busy CCD_TEMPERATURE_VALUE=-10/);
  passTime(190_000);
  expect(await hear(/^CCD_TEMPERATURE Alert/)).toContain("although the cooler works at 100 %");
});

test("A target warmer than it is around the camera is as good as reached when nothing moves", async () => {
  const { device, hear, passTime } = await ccdDevice(COOLED, { ...FAST, ASI_SIM_AMBIENT: "10" });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "25" });
  // From here on the standstill is timed; before, the camera is still being told its target.
  await hear(/Setting temperature to 25/);
  passTime(190_000);
  await hear(/no warmer around the camera/);
  await hear(/^CCD_TEMPERATURE Ok/);
});

test("A target out of the camera's range is refused and nothing is set", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, FAST);
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-49" });
  expect(await hear(/^CCD_TEMPERATURE Alert/)).toMatch(/Range is \[-\d+, \d+\]/);
  const isTarget = ({ name, args }: { name: string; args: readonly string[] }) =>
    name === "ASISetControlValue" && (args[0] === "16" || args[0] === "17");
  expect(callsFor(rig, 0).filter(isTarget)).toEqual([]);
});

test("A target that the sensor has already is programmed all the same", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, FAST);
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "20" });
  await hear(/^CCD_TEMPERATURE Ok/);
  expect(rig.steer("status")).toMatch(/ 20 +on /);
});

test("What does not change is told once, however often it is read", async () => {
  const { device, rig } = await ccdDevice(COOLED, FAST);
  const COOLER_POWER = "15";
  const readings = () =>
    callsFor(rig, 0).filter(
      ({ name, args }) => name === "ASIGetControlValue" && args[0] === COOLER_POWER,
    ).length;
  const before = readings();
  device.told();
  await eventually("it was read ten times", () => readings() >= before + 10);
  expect(device.told()).toEqual([]);
});

test("A temperature that cannot be read is an Alert until it can be again", async () => {
  const { hear, rig } = await ccdDevice("ASI290MM Mini");
  rig.steer("fail", "ASIGetControlValue", "16", "3");
  await hear(/^CCD_TEMPERATURE Alert/);
  await hear(/^CCD_TEMPERATURE Idle CCD_TEMPERATURE_VALUE=20/);
});

test("A camera without a cooler shows its temperature, which nobody can set", async () => {
  const { device } = await ccdDevice("ASI290MM Mini");
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "0" });
  await eventually("it is refused", () =>
    /TEMPERATURE/.test(device.answered.join() + device.told().join()),
  );
  expect(device.definitions("CCD_TEMPERATURE")).toMatchObject([
    { perm: "ro", elements: [{ value: "20" }] },
  ]);
});

test("A reading that fails on the way to a target does not end its Busy", async () => {
  const { device, hear, rig } = await ccdDevice(COOLED, { ASI_SIM_COOLER_SECONDS: "100" });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "-10" });
  await hear(/Setting temperature/);
  rig.steer("fail", "ASIGetControlValue", "16");
  await eventually("it has failed", () => !rig.steer("status").includes("ASIGetControlValue"));
  expect(await hear(/^CCD_TEMPERATURE/)).toMatch(/^CCD_TEMPERATURE Busy/);
  expect(await hear(/^CCD_TEMPERATURE/)).toMatch(/^CCD_TEMPERATURE Busy/);
});
