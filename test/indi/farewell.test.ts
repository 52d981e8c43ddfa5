import { expect, test } from "vitest";
import { RecordedDevice } from "../support/recorded-device.js";
import { Deferred, settle } from "../support/settle.js";

/** A connected device that takes its leave before it is disconnected. */
async function leaver() {
  const device = new RecordedDevice();
  const log: string[] = [];
  const farewell = new Deferred();
  device.onConnect((connection) => {
    connection.onClose(() => void log.push("closed"));
    connection.onFarewell(async (signal) => {
      log.push("farewell");
      signal.addEventListener("abort", () => farewell.reject(new Error("aborted")));
      await farewell.promise;
    });
  });
  const ask = async (element: "CONNECT" | "DISCONNECT") => {
    device.ask("Switch", "CONNECTION", { [element]: "On" });
    await settle();
  };
  await ask("CONNECT");
  device.told();
  return { device, log, farewell, ask };
}

const OK = "CONNECTION Ok CONNECT=On,DISCONNECT=Off";
const BUSY = "CONNECTION Busy CONNECT=On,DISCONNECT=Off";
const IDLE = "CONNECTION Idle CONNECT=Off,DISCONNECT=On";

test("a farewell comes before the end and is waited for", async () => {
  const { device, log, farewell, ask } = await leaver();
  await ask("DISCONNECT");
  expect(device.told()).toEqual([BUSY]);
  expect(log).toEqual(["farewell"]);
  farewell.resolve();
  await settle();
  expect(device.told()).toEqual([IDLE]);
  expect(log).toEqual(["farewell", "closed"]);
});

test("a client that connects again during the farewell stays connected", async () => {
  const { device, log, ask } = await leaver();
  await ask("DISCONNECT");
  await ask("CONNECT");
  expect(device.told().at(-1)).toBe(OK);
  expect(device.isConnected).toBe(true);
  expect(log).toEqual(["farewell"]);
});

test("a client that disconnects again during the farewell is disconnected at once", async () => {
  const { device, log, ask } = await leaver();
  await ask("DISCONNECT");
  await ask("DISCONNECT");
  expect(device.told().at(-1)).toBe(IDLE);
  expect(log).toEqual(["farewell", "closed"]);
});

test("the driver itself takes no leave, and cuts a client's short", async () => {
  const without = await leaver();
  await without.device.disconnect();
  expect(without.log).toEqual(["closed"]);
  const within = await leaver();
  await within.ask("DISCONNECT");
  await within.device.disconnect();
  expect(within.log).toEqual(["farewell", "closed"]);
});

test("a farewell that fails is reported and keeps nobody", async () => {
  const { device, log, farewell, ask } = await leaver();
  await ask("DISCONNECT");
  farewell.reject(new Error("the cooler is gone"));
  await settle();
  expect(device.failures).toEqual(["CONNECTION: Error: the cooler is gone"]);
  expect(device.told()).toEqual([BUSY, IDLE]);
  expect(log).toEqual(["farewell", "closed"]);
});

test("the next connection takes its own leave", async () => {
  const { log, farewell, ask } = await leaver();
  farewell.resolve();
  await ask("DISCONNECT");
  await ask("CONNECT");
  await ask("DISCONNECT");
  expect(log).toEqual(["farewell", "closed", "farewell", "closed"]);
});
