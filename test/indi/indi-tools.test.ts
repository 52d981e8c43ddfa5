import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Driver } from "../../src/indi/driver.js";
import { type Conversation, valuesIn } from "../support/conversation.js";
import { exampleCamera, picture } from "../support/example-camera.js";
import { indiserver, indiTool, temporaryFolder } from "../support/indi-tools.js";
import { serving } from "../support/serving.js";

const EXAMPLE = fileURLToPath(new URL("../support/example-driver.js", import.meta.url));

async function camera(size = 300_000) {
  const driver = new Driver();
  driver.add(exampleCamera("Example Camera", size));
  const { port } = await serving(driver);
  return { driver, port };
}

const BEFORE = ["Example Camera.CONNECTION.CONNECT=Off", "Example Camera.CONNECTION.DISCONNECT=On"];
const AFTER = [
  "Example Camera.CONNECTION.CONNECT=On",
  "Example Camera.CONNECTION.DISCONNECT=Off",
  "Example Camera.CCD_EXPOSURE.CCD_EXPOSURE_VALUE=0",
  "Example Camera.CCD_FRAME_TYPE.FRAME_LIGHT=On",
  "Example Camera.CCD_FRAME_TYPE.FRAME_DARK=Off",
];

const lines = (text: string) => text.trim().split("\n");

describe("indi_getprop and indi_setprop", () => {
  test("list and set properties", async () => {
    const { port } = await camera();
    expect(lines(await indiTool("indi_getprop", port, ["-t", "1"]))).toEqual(BEFORE);
    await indiTool("indi_setprop", port, ["Example Camera.CONNECTION.CONNECT=On"]);
    expect(lines(await indiTool("indi_getprop", port, ["-t", "1"]))).toEqual(AFTER);
    await indiTool("indi_setprop", port, ["-s", "Example Camera.CCD_FRAME_TYPE.FRAME_DARK=On"]);
    expect(
      lines(await indiTool("indi_getprop", port, ["Example Camera.CCD_FRAME_TYPE.*"])),
    ).toEqual([
      "Example Camera.CCD_FRAME_TYPE.FRAME_LIGHT=Off",
      "Example Camera.CCD_FRAME_TYPE.FRAME_DARK=On",
    ]);
    expect(
      lines(await indiTool("indi_getprop", port, ["Example Camera.CCD_EXPOSURE._STATE"])),
    ).toEqual(["Example Camera.CCD_EXPOSURE._STATE=Idle"]);
  });

  test("store a BLOB byte for byte", async () => {
    const { driver, port } = await camera(1_000_003);
    await indiTool("indi_setprop", port, ["Example Camera.CONNECTION.CONNECT=On"]);
    const folder = await temporaryFolder();
    const getting = indiTool(
      "indi_getprop",
      port,
      ["-t", "20", "Example Camera.CCD1.CCD1"],
      folder,
    );
    const isWanted = () =>
      driver.clients.some((client) => client.wantsBlob("Example Camera", "CCD1"));
    while (!isWanted()) await new Promise((resolve) => setTimeout(resolve, 20));
    await indiTool("indi_setprop", port, ["Example Camera.CCD_EXPOSURE.CCD_EXPOSURE_VALUE=0.01"]);
    await getting;
    const stored = await readFile(join(folder, "Example Camera.CCD1.CCD1.fits"));
    expect(stored.equals(Buffer.from(picture(1_000_003)))).toBe(true);
  });
});

describe("indiserver", () => {
  async function takePicture(peer: Conversation, device: string, size: number): Promise<void> {
    peer.send(`<getProperties version="1.7"/>`);
    await peer.expect("defSwitchVector", { device, name: "CONNECTION" });
    peer.send(`<enableBLOB device="${device}">Also</enableBLOB>`);
    peer.send(
      `<newSwitchVector device="${device}" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>`,
    );
    await peer.expect("setSwitchVector", { device, name: "CONNECTION", state: "Ok" });
    await peer.expect("defNumberVector", { device, name: "CCD_EXPOSURE" });
    for (let exposure = 0; exposure < 3; exposure++) {
      peer.send(
        `<newNumberVector device="${device}" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>`,
      );
      const image = await peer.expect("setBLOBVector", { device, name: "CCD1", state: "Ok" });
      expect(image.children[0]?.attributes).toMatchObject({ size: String(size), format: ".fits" });
      const data = Buffer.from(image.children[0]?.data ?? Buffer.of());
      expect(data.equals(Buffer.from(picture(size)))).toBe(true);
      const ok = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
      expect(valuesIn(ok)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
    }
  }

  test("starts a driver of ours and passes on its pictures", async () => {
    await takePicture(await indiserver(EXAMPLE), "Stdio Camera", 3_000_000);
  });

  test("chains to a driver of ours that listens, and passes on its pictures", async () => {
    const { port } = await camera(300_000);
    const peer = await indiserver(`Example Camera@localhost:${port}`);
    await takePicture(peer, "Example Camera", 300_000);
  });

  test("chains to all devices of a driver of ours", async () => {
    const { port } = await camera(1000);
    await takePicture(await indiserver(`@localhost:${port}`), "Example Camera", 1000);
  });
});
