import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { recordingOf } from "./definitions.js";

const SCRIPT = fileURLToPath(new URL("../../scripts/compare-definitions.mjs", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "indi-asid-recording-"));

let daemon: DaemonProcess;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI120MM,ASI290MM Mini" });
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await daemon.stop();
});

/** What the script prints and its exit code. */
function compare(...words: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const args = [SCRIPT, "--port", `${daemon.port}`, ...words];
    const child = execFile(process.execPath, args, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}

/** The recording of the connected ASI120MM, changed. */
function changed(from: string | RegExp, to: string): string {
  const file = join(directory, "changed.xml");
  writeFileSync(file, readFileSync(recordingOf("ASI120MM", "after"), "utf8").replace(from, to));
  return file;
}

describe("The comparison of a running daemon with a recording", () => {
  it("finds nothing that the documentation does not explain", async () => {
    expect(await compare(recordingOf("ASI120MM", "after"))).toEqual({
      code: 0,
      output: [
        "ZWO CCD ASI120MM connected: 22 explained differences, 0 unexplained",
        "ZWO CCD ASI120MM connected again: 22 explained differences, 0 unexplained",
        "",
      ].join("\n"),
    });
  });

  it("prints what is not explained and fails", async () => {
    const { code, output } = await compare(changed('label="Blink"', 'label="Wink"'));
    expect(code).toBe(1);
    expect(output.split("\n").slice(0, 2)).toEqual([
      "ZWO CCD ASI120MM connected: 22 explained differences, 1 unexplained",
      "  | BLINK | label Blink | label Wink |",
    ]);
  });

  it("takes a recording of one camera for another one", async () => {
    const recording = recordingOf("ASI120MM", "before");
    const { output } = await compare(recording, "--device", "ZWO CCD ASI290MM Mini");
    expect(output).toContain("ZWO CCD ASI290MM Mini before it is connected: 1 explained");
  });

  it("says which devices there are if it is not among them", async () => {
    expect(await compare(recordingOf("ASI2600MC Pro", "after"))).toEqual({
      code: 2,
      output:
        'There is no device "ZWO CCD ASI2600MC Pro", only: ZWO CCD ASI120MM, ZWO CCD ASI290MM Mini\n',
    });
  });

  it.each([
    [[], "Usage: "],
    [[join(directory, "missing.xml")], "ENOENT"],
  ])("fails without a recording: %j", async (words, reason) => {
    const { code, output } = await compare(...words);
    expect(code).toBe(2);
    expect(output).toContain(reason);
  });
});
