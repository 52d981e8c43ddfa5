import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A tree such as the kernel's /sys/bus/usb/devices, for one test. */
export function usbTree() {
  const directory = mkdtempSync(join(tmpdir(), "usb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return {
    directory,
    plug(port: string, files: Readonly<Record<string, string>>) {
      mkdirSync(join(directory, port), { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(directory, port, name), `${text}\n`);
      }
    },
    unplug: (port: string) => rmSync(join(directory, port), { recursive: true }),
  };
}
