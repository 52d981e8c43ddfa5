import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { usbDevices, usbPorts } from "../../src/camera/presence.js";

const folder = mkdtempSync(join(tmpdir(), "usb-"));

function plug(port: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, port), { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, port, name), `${text}\n`);
}

beforeAll(() => {
  plug("2-1.4", { idVendor: "03c3", idProduct: "120a", devnum: "9", product: "ASI120MM" });
  plug("1-2", { idVendor: "03c3", idProduct: "120a", devnum: "4", product: "ZWO ASI120MM" });
  plug("1-3", { idVendor: "03c3", idProduct: "2600", devnum: "5", product: "ASI2600MC Pro" });
  plug("1-4", { idVendor: "046d", idProduct: "c52b", devnum: "6", product: "Mouse" });
  plug("1-0:1.0", {});
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the kernel's view of USB", () => {
  test("shows a new text after a camera was plugged in again", async () => {
    const before = await usbDevices(folder);
    expect(before.size).toBe(3);
    plug("1-3", { devnum: "12" });
    const after = await usbDevices(folder);
    expect([...after].filter((device) => !before.has(device))).toEqual([
      `${join(folder, "1-3")} 2600 12`,
    ]);
  });

  test("tells at which ports the cameras of a product are", async () => {
    expect(await usbPorts(folder)).toEqual(
      new Map([
        ["ASI120MM", ["1-2", "2-1.4"]],
        ["ASI2600MC Pro", ["1-3"]],
      ]),
    );
  });

  test("is empty where there is none", async () => {
    expect(await usbDevices(join(folder, "none"))).toEqual(new Set());
    expect(await usbPorts(join(folder, "none"))).toEqual(new Map());
  });
});
