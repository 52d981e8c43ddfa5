import { expect, test } from "vitest";
import { callsFor, eventually } from "../support/steering.js";
import { ccdDevice } from "./ccd-device.js";

const TARGET_TEMPERATURE = "16";
const COOLER_ON = "17";

test("a disconnection warms the sensor up where that is wanted, and leaves the cooler off", async () => {
  const { device, hear, passTime, rig } = await ccdDevice("ASI2600MC Pro", {
    ASI_SIM_COOLER_SECONDS: "0.1",
    ASI_SIM_AMBIENT: "20",
  });
  device.ask("Switch", "CCD_WARM_UP", { INDI_ENABLED: "On" });
  device.ask("Number", "CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: "10" });
  await hear(/^CCD_TEMPERATURE Ok/);
  device.ask("Switch", "CONNECTION", { DISCONNECT: "On" });
  await hear(/Warming up before the cooler is switched off/);
  expect(rig.steer("status")).toMatch(/ on /);
  let isOver = false;
  const disconnected = hear(/^CONNECTION Idle/).then(() => {
    isOver = true;
  });
  const waiting = eventually("it is over", () => {
    passTime(2_000);
    return isOver;
  });
  await Promise.all([disconnected, waiting]);
  const orders = callsFor(rig, 0)
    .filter(({ name }) => name === "ASISetControlValue")
    .map(({ args }) => `${args[0]} ${args[1]}`);
  expect(orders.at(-1)).toBe(`${COOLER_ON} 0`);
  const setPoints = orders
    .filter((order) => order.startsWith(`${TARGET_TEMPERATURE} `))
    .map((order) => Number(order.split(" ")[1]));
  expect(setPoints).toEqual(setPoints.toSorted((a, b) => a - b));
  expect(setPoints.at(-1)).toBeGreaterThan(15);
});
