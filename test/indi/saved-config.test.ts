import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Disk } from "../../src/indi/disk.js";
import { IndiClient } from "../../src/indi/indi-client.js";
import type { NewVector } from "../../src/indi/messages.js";
import { Nicknames } from "../../src/indi/nicknames.js";
import { configFileName, SavedConfig } from "../../src/indi/saved-config.js";
import { indiserver } from "../support/indiserver.js";

const folder = mkdtempSync(join(tmpdir(), "saved-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function emptyFile() {
  const path = join(folder, `${++files}`, "Camera_config.xml");
  return { path, config: new SavedConfig(path) };
}

function frame(x: string, device = "Camera"): NewVector {
  return {
    tag: "new",
    kind: "Number",
    device,
    name: "CCD_FRAME",
    elements: [{ name: "X", value: x }],
  };
}

const PREFIX: NewVector = {
  tag: "new",
  kind: "Text",
  device: "Camera",
  name: "UPLOAD_SETTINGS",
  elements: [{ name: "UPLOAD_PREFIX", value: `M 31 "north" <L&R>` }],
};

describe("a saved configuration", () => {
  test("comes back as it was saved, whatever its texts hold", async () => {
    const { config } = emptyFile();
    expect(await config.load("config", "Camera")).toBeUndefined();
    await config.save([frame("10"), PREFIX]);
    expect(await config.load("config", "Camera")).toEqual([frame("10"), PREFIX]);
    expect(await config.load("config", "Other camera")).toEqual([]);
  });

  test("on a disk that does not answer is given up after half a minute, and at once until it answers", async () => {
    const { path } = emptyFile();
    const fifo = `${path}.default`;
    mkdirSync(dirname(path));
    // Whoever opens it waits for somebody at the other end.
    execFileSync("mkfifo", [fifo]);
    const expirations: (() => void)[] = [];
    const disk = new Disk((_, expire) => {
      expirations.push(expire);
      return () => {};
    });
    const config = new SavedConfig(path, disk);
    const nicknames = new Nicknames(join(dirname(path), "Nicknames.xml"), "ZWO CCD", disk);
    const saving = config.save([frame("10")]);
    expirations[0]?.();
    const reason = `${path}: the disk has not answered for 30 s`;
    await expect(saving).rejects.toThrow(reason);
    await expect(config.exists()).rejects.toThrow(reason);
    await expect(nicknames.set("513d0001", "Main")).rejects.toThrow(
      "Nicknames.xml: the disk has not answered for 30 s",
    );
    const answer = () => {
      try {
        closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // Nobody waits just now.
      }
    };
    await expect
      .poll(() => {
        answer();
        return config.exists();
      })
      .toBe(true);
    expect(readFileSync(path, "utf8")).toContain("CCD_FRAME");
  });

  test("keeps what a save does not mention", async () => {
    const { config } = emptyFile();
    await config.save([frame("10"), PREFIX, frame("1", "Guider")]);
    await config.save([frame("20")]);
    expect(await config.load("config", "Camera")).toEqual([frame("20"), PREFIX]);
    expect(await config.load("config", "Guider")).toEqual([frame("1", "Guider")]);
  });

  test("keeps what was saved first as the default, and the default when it is purged", async () => {
    const { config } = emptyFile();
    await config.save([frame("10")]);
    await config.save([frame("20")]);
    expect(await config.load("default", "Camera")).toEqual([frame("10")]);
    expect(await config.purge()).toBe(true);
    expect(await config.purge()).toBe(false);
    expect(await config.load("config", "Camera")).toBeUndefined();
    expect(await config.load("default", "Camera")).toEqual([frame("10")]);
  });

  test("is whole at every moment, however many saves overlap", async () => {
    const { path, config } = emptyFile();
    await Promise.all(Array.from({ length: 20 }, (_, n) => config.save([frame(`${n}`)])));
    expect(await config.load("config", "Camera")).toEqual([frame("19")]);
    expect(readdirSync(join(path, ".."))).toEqual([
      "Camera_config.xml",
      "Camera_config.xml.default",
    ]);
  });

  test("that is broken cannot be loaded, but saved anew", async () => {
    const { path, config } = emptyFile();
    await config.save([PREFIX]);
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 60));
    await expect(config.load("config", "Camera")).rejects.toThrow();
    await config.save([frame("10")]);
    expect(await config.load("config", "Camera")).toEqual([frame("10")]);
  });

  test("stands in one folder whatever the device is called", () => {
    expect(configFileName("ZWO CCD North/South")).toBe("ZWO CCD North_South_config.xml");
  });
});

describe("the file of a C++ driver", () => {
  const CONFIG = "CCD Simulator_config.xml";

  test("is read as that driver wrote it, and a file of ours is loaded there", async () => {
    const { port, home } = await indiserver(["indi_simulator_ccd"]);
    const client = await IndiClient.connect({ port });
    const device = "CCD Simulator";
    client.getProperties(device);
    await client.until(() => client.property(device, "CONFIG_PROCESS"));
    client.newSwitches(device, "CONNECTION", { CONNECT: true });
    await client.until(() => client.property(device, "UPLOAD_SETTINGS"));
    const settled = () =>
      client.expect((message) => {
        const isEnd = message.tag === "set" && message.name === "CONFIG_PROCESS";
        return isEnd && message.state;
      });
    client.newSwitches(device, "CONFIG_PROCESS", { CONFIG_SAVE: true });
    expect(await settled()).toBe("Ok");

    const config = new SavedConfig(join(home, ".indi", CONFIG));
    const requests = await config.load("config", device);
    expect(requests?.find(({ name }) => name === "POLLING_PERIOD")).toEqual({
      tag: "new",
      kind: "Number",
      device,
      name: "POLLING_PERIOD",
      elements: [{ name: "PERIOD_MS", value: "1000" }],
    });

    await config.save([
      {
        tag: "new",
        kind: "Number",
        device,
        name: "POLLING_PERIOD",
        elements: [{ name: "PERIOD_MS", value: "2500" }],
      },
      { ...PREFIX, device },
    ]);
    client.newSwitches(device, "CONFIG_PROCESS", { CONFIG_LOAD: true });
    expect(await settled()).toBe("Ok");
    const value = (name: string, element: string) =>
      client.property(device, name)?.elements.get(element)?.value;
    expect(value("POLLING_PERIOD", "PERIOD_MS")).toBe("2500");
    expect(value("UPLOAD_SETTINGS", "UPLOAD_PREFIX")).toBe(`M 31 "north" <L&R>`);
    await client.close();
  });
});
