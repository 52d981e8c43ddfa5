import { expect, test } from "vitest";
import { callsFor } from "../support/steering.js";
import { type CcdDevice, ccdDevice } from "./ccd-device.js";

const GAIN = "0";
const OFFSET = "5";

/** Type and value of each control that was written to the camera, leaving out those of exposures. */
function written({ rig }: CcdDevice): string[] {
  return callsFor(rig, 0)
    .filter(({ name }) => name === "ASISetControlValue")
    .map(({ args }) => args.join(" "));
}

test("Of all sliders a client sends back, only the one that moved is written to the camera", async () => {
  const place = await ccdDevice("ASI2600MC Pro");
  const { device, hear } = place;
  const before = written(place);
  const definition = device.definitions("CCD_CONTROLS")[0];
  if (definition === undefined || definition.kind !== "Number") throw new Error("No controls.");
  const all = Object.fromEntries(definition.elements.map(({ name, value }) => [name, value]));
  device.ask("Number", "CCD_CONTROLS", { ...all, Gain: "250" });
  await hear(/^CCD_CONTROLS Ok Gain=250/);
  expect(written(place).slice(before.length)).toEqual([`${GAIN} 250 0`]);
});

test("Sliders that were not sent stay as they are", async () => {
  const place = await ccdDevice("ASI290MM Mini");
  const { device, hear } = place;
  device.ask("Number", "CCD_CONTROLS", { Gain: "100" });
  await hear(/^CCD_CONTROLS Ok/);
  const before = written(place);
  device.ask("Number", "CCD_CONTROLS", { Offset: "9" });
  expect(await hear(/^CCD_CONTROLS Ok/)).toMatch(/Gain=100/);
  expect(written(place).slice(before.length)).toEqual([`${OFFSET} 9 0`]);
});

test("Two controls the camera refuses are told together, and a third is set all the same", async () => {
  const { device, hear, rig } = await ccdDevice("ASI2600MC Pro");
  rig.steer("fail", "ASISetControlValue", "16", "2");
  device.ask("Number", "CCD_CONTROLS", { Gain: "11", Offset: "22", WB_R: "60" });
  const line = await hear(/^CCD_CONTROLS Alert/);
  const refused = ["Gain", "Offset", "WB_R"].filter((name) => line.includes(`${name}: ASISet`));
  expect(refused).toHaveLength(2);
  expect(line).toMatch(/WB_R=60|Offset=22|Gain=11/);
});

test("What is shown is what the camera made of a value", async () => {
  const { device, hear } = await ccdDevice("ASI290MM Mini");
  device.ask("Number", "CCD_CONTROLS", { Gain: "100.4" });
  expect(await hear(/^CCD_CONTROLS Ok/)).toMatch(/Gain=100\b/);
});

test("A control made automatic keeps its value, and one set by hand is automatic no longer", async () => {
  const place = await ccdDevice("ASI290MM Mini");
  const { device, hear } = place;
  device.ask("Number", "CCD_CONTROLS", { Gain: "77" });
  await hear(/^CCD_CONTROLS Ok/);
  device.ask("Switch", "CCD_CONTROLS_MODE", { AUTO_Gain: "On" });
  await hear(/^CCD_CONTROLS_MODE Ok .*AUTO_Gain=On/);
  expect(written(place).at(-1)).toBe(`${GAIN} 77 1`);
  device.ask("Number", "CCD_CONTROLS", { Gain: "78" });
  await hear(/^CCD_CONTROLS_MODE \w+ .*AUTO_Gain=Off/);
  expect(written(place).at(-1)).toBe(`${GAIN} 78 0`);
});

test("A control is by hand again when its switch is turned off", async () => {
  const place = await ccdDevice("ASI290MM Mini");
  const { device, hear } = place;
  device.ask("Number", "CCD_CONTROLS", { Gain: "77" });
  await hear(/^CCD_CONTROLS Ok/);
  device.ask("Switch", "CCD_CONTROLS_MODE", { AUTO_Gain: "On" });
  await hear(/^CCD_CONTROLS_MODE Ok .*AUTO_Gain=On/);
  device.ask("Switch", "CCD_CONTROLS_MODE", { AUTO_Gain: "Off" });
  await hear(/^CCD_CONTROLS_MODE Ok .*AUTO_Gain=Off/);
  expect(written(place).at(-1)).toBe(`${GAIN} 77 0`);
});

test("No slider resets the USB hub or moves what has a property of its own", async () => {
  const { device } = await ccdDevice("ASI2600MC Pro");
  const definition = device.definitions("CCD_CONTROLS")[0];
  const names = definition?.elements.map(({ name }) => name) ?? [];
  expect(names).toEqual(expect.arrayContaining(["Gain", "Offset", "BandWidth"]));
  for (const name of ["Exposure", "TargetTemp", "CoolerOn", "Flip", "USBHubReset"]) {
    expect(names).not.toContain(name);
  }
});

test("Sliders sent one by one without a pause are all set", async () => {
  const place = await ccdDevice("ASI2600MC Pro");
  const { device, hear } = place;
  device.ask("Number", "CCD_CONTROLS", { Gain: "123" });
  device.ask("Number", "CCD_CONTROLS", { Offset: "77" });
  device.ask("Number", "CCD_CONTROLS", { BandWidth: "66" });
  expect(await hear(/^CCD_CONTROLS Ok/)).toMatch(/Gain=123.*Offset=77.*BandWidth=66/);
});
