import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Configuration } from "../../src/indi/configuration.js";
import type { Connection } from "../../src/indi/connection.js";
import { createVector } from "../../src/indi/create-vector.js";
import {
  defineNumbers,
  defineSwitches,
  defineTexts,
  type Saved,
} from "../../src/indi/definition.js";
import { Refused } from "../../src/indi/errors.js";
import type { NewVector } from "../../src/indi/messages.js";
import { SavedConfig } from "../../src/indi/saved-config.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";

const folder = mkdtempSync(join(tmpdir(), "configuration-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const heading = (saved: Saved) => ({ label: "", group: "", perm: "rw", saved }) as const;

const numbers = (name: string, saved: Saved, buildsOn: readonly string[] = []) =>
  defineNumbers(name, {
    ...heading(saved),
    buildsOn,
    elements: { A: { label: "a", min: 0, max: 10 }, B: { label: "b", min: 0, max: 10 } },
  });

const FORMAT = defineSwitches("FORMAT", {
  ...heading("auto"),
  rule: "OneOfMany",
  elements: { RAW8: { label: "", on: true }, RAW16: { label: "" } },
});

const COOLER = defineSwitches("COOLER", {
  ...heading(true),
  rule: "OneOfMany",
  elements: { ON: { label: "" }, OFF: { label: "", on: true } },
});

const NAME = defineTexts("NAME", { ...heading("auto"), elements: { NAME: { label: "" } } });

function request(
  kind: "Number" | "Switch" | "Text",
  name: string,
  values: Record<string, string>,
): NewVector {
  const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
  return { tag: "new", kind, device: "Camera", name, elements };
}

let files = 0;

/** A device whose settings are kept in a file of its own. */
function camera() {
  const path = join(folder, `${++files}.xml`);
  const file = new SavedConfig(path);
  const warnings: string[] = [];
  const timers: (() => void)[] = [];
  const device = new RecordedDevice();
  const configuration = new Configuration(device, file, {
    warn: (text) => warnings.push(text),
    timer: (_, callback) => {
      timers.push(callback);
      return () => undefined;
    },
  });
  return {
    device,
    file,
    configuration,
    warnings,
    timers,
    read: () => readFileSync(path, "utf8"),
    /** Asks for one of the four actions and answers what clients are told until it ends. */
    async process(action: string) {
      device.told();
      device.ask("Switch", "CONFIG_PROCESS", { [action]: "On" });
      const told: string[] = [];
      await expect
        .poll(() => {
          told.push(...device.told());
          return told.at(-1);
        })
        .toMatch(/^CONFIG_PROCESS (Ok|Alert)/);
      return told
        .map((line) => line.replace(/ CONFIG_LOAD=.*PURGE=Off/, ""))
        .filter((line) => line !== "CONFIG_PROCESS Busy");
    },
  };
}

describe("a configuration", () => {
  test("is saved, loaded and purged on request", async () => {
    const { device, process, file } = camera();
    const frame = device.add(numbers("FRAME", true));
    frame.publish({ A: 3 });
    expect(await process("CONFIG_SAVE")).toEqual([
      "[INFO] Saving device configuration...",
      "[INFO] Device configuration saved.",
      "CONFIG_PROCESS Ok",
    ]);
    frame.publish({ A: 4 });
    expect(await process("CONFIG_LOAD")).toEqual([
      "[INFO] Loading device configuration...",
      "FRAME Ok A=3,B=0",
      "[INFO] Device configuration applied.",
      "CONFIG_PROCESS Ok",
    ]);
    expect(await process("CONFIG_PURGE")).toEqual([
      "[INFO] Configuration file successfully purged.",
      "CONFIG_PROCESS Ok",
    ]);
    expect(await file.exists()).toBe(false);
  });

  test("that was never saved is an Alert", async () => {
    const { process } = camera();
    for (const action of ["CONFIG_LOAD", "CONFIG_PURGE"]) {
      expect((await process(action)).at(-1)).toBe(
        "CONFIG_PROCESS Alert [ERROR] No previous configuration found. " +
          "To save driver configuration, click Save Configuration in Options tab.",
      );
    }
  });

  test("is applied in the order in which settings build on each other, whatever the file's", async () => {
    const { device, file, process } = camera();
    device.add(numbers("FRAME", true, ["BINNING", "FORMAT"]));
    device.add(numbers("BINNING", true, ["FORMAT"]));
    device.add(numbers("FORMAT", true));
    device.add(numbers("GAIN", true));
    await file.save(
      ["FRAME", "GAIN", "BINNING", "FORMAT"].map((name) => request("Number", name, { A: "1" })),
    );
    const told = await process("CONFIG_LOAD");
    expect(told.filter((line) => line.includes("A=1"))).toEqual([
      "FORMAT Ok A=1,B=0",
      "BINNING Ok A=1,B=0",
      "FRAME Ok A=1,B=0",
      "GAIN Ok A=1,B=0",
    ]);
  });

  test("reaches properties that others in it bring", async () => {
    const { device, file, process } = camera();
    const name = createVector(NAME);
    device.add(FORMAT).onNew(() => device.announce(name));
    await file.save([
      request("Text", "NAME", { NAME: "M 31" }),
      request("Switch", "FORMAT", { RAW8: "Off", RAW16: "On" }),
    ]);
    expect(await process("CONFIG_LOAD")).toContain("NAME Ok NAME=M 31");
  });

  test("holds of a property what that has to be saved, where clients see something else", async () => {
    const { device, process, read } = camera();
    const name = device.add(NAME);
    name.saveInstead(() => ({ NAME: "what counts" }));
    name.publish({ NAME: "what is shown" });
    await process("CONFIG_SAVE");
    expect(read()).toContain("what counts");
    expect(read()).not.toContain("what is shown");
  });

  test("is applied as far as it can be, and each element that cannot is told", async () => {
    const { device, file, process } = camera();
    device.add(numbers("GAIN", true));
    device.add(FORMAT);
    device.add(numbers("READINGS", false));
    await file.save([
      request("Number", "GAIN", { A: "99", B: "5", C: "1" }),
      request("Switch", "FORMAT", { RAW8: "Off", RAW16: "On", RGB24: "Off" }),
      request("Number", "READINGS", { A: "1" }),
      request("Number", "UNKNOWN", { A: "1" }),
    ]);
    expect(await process("CONFIG_LOAD")).toEqual([
      "[INFO] Loading device configuration...",
      "[WARNING] Error: Invalid range for  (GAIN). Valid range is from 0 to 10. Requested value is 99 (A)",
      "[WARNING] Error: C is not a member of  (GAIN) property.",
      "GAIN Ok A=0,B=5",
      "FORMAT Ok RAW8=Off,RAW16=On",
      "[INFO] Device configuration applied.",
      "CONFIG_PROCESS Ok",
    ]);
  });

  test("saves by itself what clients set, silently and many changes at once", async () => {
    const { device, file, timers, read, configuration } = camera();
    const gain = device.add(numbers("GAIN", "auto"));
    device.add(numbers("FRAME", true));
    for (const value of ["1", "2", "3"]) device.ask("Number", "GAIN", { A: value });
    device.ask("Number", "FRAME", { A: "7" });
    device.ask("Number", "GAIN", { A: "2000" });
    await settle();
    gain.publish({ A: 9 });
    expect(timers).toHaveLength(1);
    expect(await file.exists()).toBe(false);
    device.told();
    await configuration.flush();
    expect(device.told()).toEqual([]);
    // The first file holds everything, with the change as the client made it.
    expect(await file.load("config", "Camera")).toEqual([
      request("Number", "GAIN", { A: "3", B: "0" }),
      request("Number", "FRAME", { A: "7", B: "0" }),
    ]);
    device.ask("Number", "FRAME", { A: "8" });
    device.ask("Number", "GAIN", { B: "1" });
    await settle();
    await configuration.flush();
    expect(read()).toContain('<oneNumber name="A">7</oneNumber>');
    expect(read()).toContain('<oneNumber name="B">1</oneNumber>');
  });

  test("does not come back after it was purged", async () => {
    const { device, file, process, configuration } = camera();
    device.add(numbers("GAIN", "auto"));
    await process("CONFIG_SAVE");
    device.ask("Number", "GAIN", { A: "1" });
    await settle();
    await process("CONFIG_PURGE");
    await configuration.flush();
    expect(await file.exists()).toBe(false);
  });

  test("comes back with a connection before clients see it, without what only a client may turn on", async () => {
    const { device, file, configuration, warnings } = camera();
    await file.save([
      request("Switch", "COOLER", { ON: "On" }),
      request("Switch", "FORMAT", { RAW16: "On" }),
      request("Number", "GAIN", { A: "4", B: "5" }),
      request("Text", "NAME", { NAME: "M 31" }),
    ]);
    device.onConnect(async (connection: Connection) => {
      connection.add(FORMAT);
      connection.add(COOLER);
      connection.add(NAME);
      connection.add(numbers("GAIN", "auto")).onNew(() => {
        throw new Refused("The camera refuses.");
      });
      await configuration.restore(connection, "auto");
    });
    device.told();
    device.ask("Switch", "CONNECTION", { CONNECT: "On" });
    await expect.poll(() => device.isConnected).toBe(true);
    expect(device.told()).toEqual([
      "CONNECTION Busy CONNECT=Off,DISCONNECT=On",
      "CONNECTION Ok CONNECT=On,DISCONNECT=Off",
      "def FORMAT Ok RAW8=Off,RAW16=On",
      "def COOLER Idle ON=Off,OFF=On",
      "def NAME Ok NAME=M 31",
      "def GAIN Alert A=0,B=0",
    ]);
    expect(warnings).toEqual(["[ERROR] The camera refuses."]);
  });

  test("that cannot be read is told and otherwise none", async () => {
    const { device, configuration, warnings } = camera();
    const broken = new Configuration(new RecordedDevice(), new SavedConfig(folder), {
      warn: (text) => warnings.push(text),
    });
    await broken.restore(device, "saved");
    expect(warnings).toEqual([
      "The saved configuration cannot be read: EISDIR: illegal operation on a directory, read",
    ]);
    await configuration.restore(device, "saved");
    expect(warnings).toHaveLength(1);
  });
});
