import { expect, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { callsFor } from "../support/steering.js";
import { cameraAt, messagesOf } from "./camera-at.js";

const FAST = { ASI_SIM_COOLER_SECONDS: "0.3", ASI_SIM_AMBIENT: "20" };
const TARGET_TEMPERATURE = "16";
const COOLER_ON = "17";

async function cooled(env: Readonly<Record<string, string>> = FAST) {
  const place = await cameraAt("ASI2600MC Pro", env);
  await place.observer.set("POLLING_PERIOD", { PERIOD_MS: 50 });
  /** What a control was set to so far. */
  const orders = (control: string) =>
    callsFor(place.daemon.rig, 0)
      .filter(({ name, args }) => name === "ASISetControlValue" && args[0] === control)
      .map(({ args }) => Number(args[1]));
  return { ...place, orders };
}

test("a target is rounded, reached and ends in Ok; the header says both temperatures", async () => {
  const { observer } = await cooled();
  const outcome = await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -4.6 });
  expect(outcome.state).toBe("Ok");
  expect(Number(observer.values("CCD_TEMPERATURE").CCD_TEMPERATURE_VALUE)).toBeCloseTo(-5, 0);
  expect(observer.values("CCD_COOLER")).toEqual({ COOLER_ON: "On", COOLER_OFF: "Off" });
  const { keywords } = readFits((await observer.expose()).data);
  expect(keywords.get("SET-TEMP")).toBe(-5);
  expect(keywords.get("CCD-TEMP")).toBeCloseTo(-5, 0);
});

test("nothing is switched on by connecting, and a header without cooling has no set-point", async () => {
  const { observer, orders } = await cooled();
  expect(orders(COOLER_ON)).toEqual([]);
  expect(readFits((await observer.expose()).data).keywords.has("SET-TEMP")).toBe(false);
});

test("the ramp leads the set-point down and says so", async () => {
  const { observer, orders } = await cooled();
  const messages = messagesOf(observer);
  await observer.set("CCD_TEMP_RAMP", { RAMP_SLOPE: 30 });
  expect(messages).toContain(
    "[INFO] Temperature ramp is enabled. Gradual cooling and warming is regulated at 30 Celsius per minute.",
  );
  const began = performance.now();
  expect((await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 17 })).state).toBe("Ok");
  expect(performance.now() - began).toBeGreaterThan(5_500);
  expect(orders(TARGET_TEMPERATURE)).toEqual([20, 19, 18, 17]);
});

test("switched off with a ramp, the sensor is warmed up first; asked again, it is off at once", async () => {
  const { observer, orders } = await cooled();
  await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 0 });
  await observer.set("CCD_TEMP_RAMP", { RAMP_SLOPE: 30 });
  observer.client.newSwitches(observer.device, "CCD_COOLER", { COOLER_OFF: true });
  const { client, device } = observer;
  await client.until(() => client.property(device, "CCD_COOLER")?.state === "Busy" && true);
  await client.until(() => orders(TARGET_TEMPERATURE).includes(2) && true, { timeout: 20_000 });
  expect(orders(COOLER_ON)).toEqual([1]);
  expect(await observer.choose("CCD_COOLER", "COOLER_OFF")).toMatchObject({
    state: "Idle",
    elements: [{ value: "Off" }, { value: "On" }],
  });
  expect(orders(COOLER_ON)).toEqual([1, 0]);
});

test("warming up ends by itself where it is no warmer, or with a new target", async () => {
  const { observer, orders } = await cooled();
  await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 10 });
  await observer.set("CCD_TEMP_RAMP", { RAMP_SLOPE: 10 });
  observer.client.newSwitches(observer.device, "CCD_COOLER", { COOLER_OFF: true });
  const { client, device } = observer;
  await client.until(() => client.property(device, "CCD_COOLER")?.state === "Busy" && true);
  await observer.set("CCD_TEMP_RAMP", { RAMP_SLOPE: 0 });
  expect((await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 5 })).state).toBe("Ok");
  expect(observer.values("CCD_COOLER")).toEqual({ COOLER_ON: "On", COOLER_OFF: "Off" });
  expect(orders(COOLER_ON)).toEqual([1]);
});

test("a client that wants the sensor warm before it disconnects may change its mind, and may insist", async () => {
  const { observer, orders } = await cooled();
  const messages = messagesOf(observer);
  await observer.choose("CCD_WARM_UP", "INDI_ENABLED");
  await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 });
  const { client, device } = observer;
  const isBusy = () => client.property(device, "CONNECTION")?.state === "Busy" && true;

  client.newSwitches(device, "CONNECTION", { DISCONNECT: true });
  await client.until(isBusy, { timeout: 5_000 });
  await client.until(() => orders(TARGET_TEMPERATURE).includes(-4) && true, { timeout: 20_000 });
  expect(await observer.choose("CONNECTION", "CONNECT")).toMatchObject({ state: "Ok" });
  expect(messages).toContain("[INFO] Warming up before the cooler is switched off.");
  expect((await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: -5 })).state).toBe("Ok");

  client.newSwitches(device, "CONNECTION", { DISCONNECT: true });
  await client.until(isBusy, { timeout: 5_000 });
  expect(await observer.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  expect(orders(COOLER_ON)).toEqual([1]);
}, 60_000);

test("a program that is stopped does not wait for the sensor to warm up", async () => {
  const { observer } = await cooled();
  await observer.choose("CCD_WARM_UP", "INDI_ENABLED");
  // The program is stopped after the test, and must then end in time.
  expect(await observer.set("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 0 })).toMatchObject({
    state: "Ok",
  });
});
