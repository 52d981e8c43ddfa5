import { describe, expect, test } from "vitest";
import { debugging } from "../../src/indi/debugging.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { settle } from "../support/settle.js";

/** A device that can be debugged, and what went to its file. */
function device(name = "Camera") {
  const written: string[] = [];
  const recorded = new RecordedDevice(name);
  const file = {
    path: "/logs/session.log",
    write: (who: string, level: string, text: string) =>
      void written.push(`${who} ${level} ${text}`),
  };
  debugging(recorded, file);
  recorded.told();
  return {
    written,
    told: () => recorded.told(),
    answered: recorded.answered,
    async set(property: string, values: Record<string, string>) {
      recorded.ask("Switch", property, values);
      await settle();
    },
    say() {
      recorded.message("failed", "error");
      recorded.message("odd", "warning");
      recorded.message("done");
      recorded.message("called", "debug");
    },
  };
}

describe("debugging", () => {
  test("shows clients everything but debugging unless they choose", () => {
    const { say, told, written } = device();
    say();
    expect(told()).toEqual(["[ERROR] failed", "[WARNING] odd", "[INFO] done"]);
    expect(written).toEqual([]);
  });

  test("brings its three properties and takes them away again", async () => {
    const { set, told, answered } = device();
    await set("DEBUG", { ENABLE: "On" });
    expect(told()).toEqual([
      "[INFO] Debug is enabled.",
      "def DEBUG_LEVEL Idle DBG_ERROR=On,DBG_WARNING=On,DBG_SESSION=On,DBG_DEBUG=Off,DBG_EXTRA_1=Off",
      "def LOGGING_LEVEL Idle LOG_ERROR=On,LOG_WARNING=On,LOG_SESSION=On,LOG_DEBUG=Off,LOG_EXTRA_1=Off",
      "def LOG_OUTPUT Idle CLIENT_DEBUG=On,FILE_DEBUG=Off",
      "DEBUG Ok ENABLE=On,DISABLE=Off",
    ]);
    await set("DEBUG", { ENABLE: "On" });
    expect(told()).toEqual(["[INFO] Debug is enabled.", "DEBUG Ok ENABLE=On,DISABLE=Off"]);
    await set("DEBUG", { DISABLE: "On" });
    expect(told()).toEqual([
      "[INFO] Debug is disabled.",
      "del DEBUG_LEVEL",
      "del LOGGING_LEVEL",
      "del LOG_OUTPUT",
      "DEBUG Ok ENABLE=Off,DISABLE=On",
    ]);
    await set("LOG_OUTPUT", { FILE_DEBUG: "On" });
    expect(answered).toEqual(["[ERROR] Camera has no property LOG_OUTPUT."]);
  });

  test("lets clients choose what they see", async () => {
    const { set, say, told } = device();
    await set("DEBUG", { ENABLE: "On" });
    await set("DEBUG_LEVEL", { DBG_SESSION: "Off", DBG_DEBUG: "On" });
    told();
    say();
    expect(told()).toEqual(["[ERROR] failed", "[WARNING] odd", "[DEBUG] called"]);
    await set("LOG_OUTPUT", { CLIENT_DEBUG: "Off" });
    told();
    say();
    expect(told()).toEqual([]);
  });

  test("lets clients choose what goes to the file, and says which file that is", async () => {
    const { set, say, told, written } = device();
    await set("DEBUG", { ENABLE: "On" });
    await set("LOGGING_LEVEL", { LOG_WARNING: "Off", LOG_DEBUG: "On" });
    told();
    await set("LOG_OUTPUT", { FILE_DEBUG: "On" });
    expect(told()).toEqual([
      "[INFO] Session log file /logs/session.log",
      "LOG_OUTPUT Ok CLIENT_DEBUG=On,FILE_DEBUG=On",
    ]);
    say();
    expect(written).toEqual(["Camera error failed", "Camera info done", "Camera debug called"]);
  });

  test("keeps the choices for the next time it is enabled, and those of other devices apart", async () => {
    const [one, other] = [device("One"), device("Other")];
    await one.set("DEBUG", { ENABLE: "On" });
    await one.set("DEBUG_LEVEL", { DBG_DEBUG: "On" });
    await one.set("DEBUG", { DISABLE: "On" });
    await one.set("DEBUG", { ENABLE: "On" });
    await other.set("DEBUG", { ENABLE: "On" });
    one.told();
    other.told();
    one.say();
    other.say();
    expect(one.told()).toContain("[DEBUG] called");
    expect(other.told()).not.toContain("[DEBUG] called");
  });
});
