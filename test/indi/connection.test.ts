import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/indi/connection.js";
import { defineNumbers } from "../../src/indi/definition.js";
import type { NumberVector } from "../../src/indi/number-vector.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { Deferred, settle } from "../support/settle.js";

function numbers(name: string) {
  const elements = { VALUE: { label: "Value", min: 0, max: 100 } };
  return defineNumbers(name, { label: name, group: "Main", perm: "rw", elements });
}

const connect = (device: RecordedDevice) => device.ask("Switch", "CONNECTION", { CONNECT: "On" });
const disconnect = (device: RecordedDevice) =>
  device.ask("Switch", "CONNECTION", { DISCONNECT: "On" });

/** A device with two properties while it is connected; what happens to it is logged. */
function camera() {
  const device = new RecordedDevice();
  const opened = new Deferred();
  const log: string[] = [];
  const seen: { connection?: Connection; exposure?: NumberVector<"VALUE"> } = {};
  device.onConnect(async (connection) => {
    seen.connection = connection;
    await opened.promise;
    connection.onClose(() => void log.push("close camera"));
    const exposure = connection.add(numbers("EXPOSURE"));
    exposure.publish({ VALUE: 7 });
    connection.add(numbers("GAIN"));
    connection.onClose(() => void log.push("stop timer"));
    seen.exposure = exposure;
  });
  return { device, opened, log, seen };
}

describe("a connection", () => {
  test("is offered as the switch every client knows", () => {
    const { device } = camera();
    expect(device.definitions()).toMatchObject([
      {
        name: "CONNECTION",
        label: "Connection",
        group: "Main Control",
        perm: "rw",
        rule: "OneOfMany",
        timeout: 60,
        state: "Idle",
        elements: [
          { name: "CONNECT", label: "Connect", value: "Off" },
          { name: "DISCONNECT", label: "Disconnect", value: "On" },
        ],
      },
    ]);
  });

  test("is Ok before what it added is defined, with the values of then", async () => {
    const { device, opened } = camera();
    device.told();
    connect(device);
    await settle();
    expect(device.told()).toEqual(["CONNECTION Busy CONNECT=Off,DISCONNECT=On"]);
    expect(device.definitions()).toHaveLength(1);
    opened.resolve();
    await settle();
    expect(device.told()).toEqual([
      "CONNECTION Ok CONNECT=On,DISCONNECT=Off",
      "def EXPOSURE Idle VALUE=7",
      "def GAIN Idle VALUE=0",
    ]);
    expect(device.isConnected).toBe(true);
  });

  test("carries out what came while it was made", async () => {
    const { device, opened } = camera();
    connect(device);
    device.ask("Number", "GAIN", { VALUE: "5" });
    opened.resolve();
    await settle();
    expect(device.told().at(-1)).toBe("GAIN Ok VALUE=5");
    expect(device.answered).toEqual([]);
  });

  test("ends with its handlers cancelled, closers called backwards, then the properties deleted", async () => {
    const { device, opened, log, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    const stopped = new Deferred();
    seen.exposure?.onNew(async (_, { signal }) => {
      signal.addEventListener("abort", () => log.push("abort exposure"));
      await stopped.promise;
      log.push("exposure ended");
    });
    device.ask("Number", "EXPOSURE", { VALUE: "5" });
    device.ask("Number", "GAIN", { VALUE: "5" });
    device.told();
    disconnect(device);
    await settle();
    expect(log).toEqual(["abort exposure"]);
    stopped.resolve();
    await settle();
    expect(log).toEqual(["abort exposure", "exposure ended", "stop timer", "close camera"]);
    expect(device.told()).toEqual([
      "GAIN Idle VALUE=0",
      "CONNECTION Busy CONNECT=On,DISCONNECT=Off",
      "EXPOSURE Idle VALUE=7",
      "CONNECTION Idle CONNECT=Off,DISCONNECT=On",
      "del EXPOSURE",
      "del GAIN",
    ]);
    expect(device.definitions()).toHaveLength(1);
    expect(device.isConnected).toBe(false);
    seen.exposure?.publish({ VALUE: 9 }, "Ok");
    expect(device.told()).toEqual([]);
  });

  test("takes no more requests while it ends", async () => {
    const { device, opened, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    const closed = new Deferred();
    seen.connection?.onClose(() => closed.promise);
    seen.exposure?.onNew(() => {}, { order: "immediate" });
    disconnect(device);
    await settle();
    device.ask("Number", "EXPOSURE", { VALUE: "5" });
    closed.resolve();
    await settle();
    expect(device.answered).toEqual(["[ERROR] Camera has no property EXPOSURE."]);
  });

  test("that stands already is Ok again", async () => {
    const { device, opened } = camera();
    opened.resolve();
    connect(device);
    await settle();
    device.told();
    connect(device);
    await settle();
    expect(device.told()).toEqual(["CONNECTION Ok CONNECT=On,DISCONNECT=Off"]);
  });

  test("that does not stand ends Idle", async () => {
    const { device } = camera();
    device.told();
    disconnect(device);
    await settle();
    expect(device.told().at(-1)).toBe("CONNECTION Idle CONNECT=Off,DISCONNECT=On");
  });

  test("that fails is an Alert, and leaves nothing behind", async () => {
    const { device, opened, log } = camera();
    device.told();
    connect(device);
    opened.reject(new Error("The camera is in use."));
    await settle();
    expect(device.told()).toEqual([
      "CONNECTION Busy CONNECT=Off,DISCONNECT=On",
      "CONNECTION Alert CONNECT=Off,DISCONNECT=On [ERROR] The camera is in use.",
    ]);
    expect(device.definitions()).toHaveLength(1);
    expect(log).toEqual([]);
  });

  test("that fails half-way closes what it had opened", async () => {
    const device = new RecordedDevice();
    const log: string[] = [];
    device.onConnect((connection) => {
      connection.onClose(() => void log.push("close"));
      connection.add(numbers("GAIN"));
      throw new Error("No answer.");
    });
    connect(device);
    await settle();
    expect(log).toEqual(["close"]);
    expect(device.told().at(-1)).toContain("CONNECTION Alert");
  });

  test("can be given up while it is made", async () => {
    const { device, opened, log, seen } = camera();
    device.told();
    connect(device);
    disconnect(device);
    expect(seen.connection?.signal.aborted).toBe(true);
    opened.resolve();
    await settle();
    expect(log).toEqual(["stop timer", "close camera"]);
    expect(device.told().at(-1)).toBe("CONNECTION Idle CONNECT=Off,DISCONNECT=On");
    expect(device.definitions()).toHaveLength(1);
  });

  test("is made once when several clients ask for it at the same time", async () => {
    const { device, opened, seen } = camera();
    connect(device);
    await settle();
    const first = seen.connection;
    connect(device);
    await settle();
    opened.resolve();
    await settle();
    expect(seen.connection).toBe(first);
    expect(first?.signal.aborted).toBe(false);
    expect(device.isConnected).toBe(true);
  });

  test("is made anew by a client that disconnects and connects at once", async () => {
    const { device, opened } = camera();
    opened.resolve();
    connect(device);
    await settle();
    device.told();
    disconnect(device);
    connect(device);
    await settle();
    expect(device.told().filter((line) => !line.includes("Busy"))).toEqual([
      "del EXPOSURE",
      "del GAIN",
      "CONNECTION Ok CONNECT=On,DISCONNECT=Off",
      "def EXPOSURE Idle VALUE=7",
      "def GAIN Idle VALUE=0",
    ]);
  });

  test("brings and takes properties while it lasts", async () => {
    const { device, opened, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    device.told();
    const late = seen.connection?.add(numbers("LATE"));
    if (late) await seen.connection?.remove(late);
    expect(device.told()).toEqual(["def LATE Idle VALUE=0", "del LATE"]);
  });

  test("may bring back a property with another permission, which then counts", async () => {
    const { device, opened, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    const readOnly = seen.connection?.add({ ...numbers("LATE"), perm: "ro" });
    device.ask("Number", "LATE", { VALUE: "1" });
    await settle();
    expect(device.answered).toEqual(["LATE Alert VALUE=0 [ERROR] LATE is read-only."]);
    if (readOnly) await seen.connection?.remove(readOnly);
    seen.connection?.add(numbers("LATE"));
    device.told();
    device.ask("Number", "LATE", { VALUE: "1" });
    await settle();
    expect(device.told()).toEqual(["LATE Ok VALUE=1"]);
  });

  test("is ended by the driver with a reason", async () => {
    const { device, opened } = camera();
    opened.resolve();
    connect(device);
    await settle();
    device.told();
    await device.disconnect("The camera was unplugged.");
    await device.disconnect("The camera was unplugged.");
    expect(device.told()).toEqual([
      "CONNECTION Busy CONNECT=On,DISCONNECT=Off",
      "CONNECTION Idle CONNECT=Off,DISCONNECT=On",
      "del EXPOSURE",
      "del GAIN",
      "CONNECTION Alert CONNECT=Off,DISCONNECT=On [ERROR] The camera was unplugged.",
    ]);
  });

  test("that the driver ends answers what is being done, and what waits for its turn, with the reason", async () => {
    const { device, opened, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    seen.exposure?.onNew((_, { signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    device.told();
    device.ask("Number", "EXPOSURE", { VALUE: "5" });
    device.ask("Number", "GAIN", { VALUE: "1" });
    await device.disconnect("The camera was unplugged.");
    expect(device.told()).toEqual([
      "EXPOSURE Busy VALUE=7",
      "GAIN Alert VALUE=0 [ERROR] The camera was unplugged.",
      "CONNECTION Busy CONNECT=On,DISCONNECT=Off",
      "EXPOSURE Alert VALUE=7 [ERROR] The camera was unplugged.",
      "CONNECTION Idle CONNECT=Off,DISCONNECT=On",
      "del EXPOSURE",
      "del GAIN",
      "CONNECTION Alert CONNECT=Off,DISCONNECT=On [ERROR] The camera was unplugged.",
    ]);
  });

  test("ends even if closing fails, which is reported", async () => {
    const { device, opened, log, seen } = camera();
    opened.resolve();
    connect(device);
    await settle();
    seen.connection?.onClose(() => Promise.reject(new Error("stuck")));
    disconnect(device);
    await settle();
    expect(device.told().at(-1)).toBe("del GAIN");
    expect(log).toEqual(["stop timer", "close camera"]);
    expect(device.failures).toEqual(["CONNECTION: Error: stuck"]);
  });
});
