import { expect, test } from "vitest";
import { ccdDevice } from "./ccd-device.js";

test("what a saved property builds on is a saved property of the same camera", async () => {
  const { device } = await ccdDevice("ASI2600MC Pro");
  const definitions = device.brought.map(({ definition }) => definition);
  const saved = definitions.filter((one) => one.saved !== false).map(({ name }) => name);
  const below = definitions.flatMap(({ buildsOn }) => buildsOn);
  expect(below).toContain("CCD_BINNING");
  expect(saved).toEqual(expect.arrayContaining(below));
});
