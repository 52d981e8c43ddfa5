import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { NewVector } from "../../src/indi/messages.js";
import { configFileName, SavedConfig } from "../../src/indi/saved-config.js";
import { temporaryFolder } from "../support/indi-tools.js";

function gain(value: string): NewVector {
  const elements = [{ name: "Gain", value }];
  return { tag: "new", kind: "Number", device: "Camera", name: "CCD_CONTROLS", elements };
}

test("A file is replaced as a whole: who reads the old one meanwhile has all of it", async () => {
  const folder = await temporaryFolder();
  const config = new SavedConfig(join(folder, "Camera_config.xml"));
  await config.save([gain("100")]);
  const old = openSync(join(folder, "Camera_config.xml"), "r");
  await config.save([gain("200")]);
  expect(readFileSync(old, "utf8")).toContain(">100<");
  closeSync(old);
  expect(await config.load("config", "Camera")).toEqual([gain("200")]);
  expect(readdirSync(folder).sort()).toEqual(["Camera_config.xml", "Camera_config.xml.default"]);
});

test("A name with a slash in it names a file and no folder", () => {
  expect(configFileName("ZWO CCD North/East")).toBe("ZWO CCD North_East_config.xml");
});
