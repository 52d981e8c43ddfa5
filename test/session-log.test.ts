import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SessionLog } from "../src/session-log.js";
import { settle } from "./support/settle.js";

const folder = mkdtempSync(join(tmpdir(), "session-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what devices tell goes to a file by date and time, with the seconds since the start", async () => {
  let now = Date.UTC(2026, 10, 20, 21, 4, 5, 250);
  const errors: unknown[] = [];
  const log = new SessionLog(
    folder,
    "indi_asid_ccd",
    (error) => errors.push(error),
    () => now,
  );
  const path = join(folder, "logs/2026-11-20/indi_asid_ccd/indi_asid_ccd_21:04:05.log");
  expect(log.path).toBe(path);
  now += 1500;
  log.write("ZWO CCD ASI120MM", "info", "Debug is enabled.");
  now += 8;
  log.write("ZWO CCD ASI290MM", "warning", "It is odd.");
  await log.close();
  expect(readFileSync(path, "utf8")).toBe(
    "INFO\t1.500000 sec\t: [ZWO CCD ASI120MM] Debug is enabled.\n" +
      "WARNING\t1.508000 sec\t: [ZWO CCD ASI290MM] It is odd.\n",
  );
  expect(errors).toEqual([]);
});

test.each([
  ["its folder cannot be made", (path: string) => writeFileSync(join(path, "../../.."), "")],
  ["it is a folder", (path: string) => mkdirSync(path, { recursive: true })],
])(
  "a file that cannot be written since %s is told of once and costs nothing else",
  async (_, spoil) => {
    const errors: unknown[] = [];
    const directory = mkdtempSync(join(folder, "broken-"));
    const log = new SessionLog(directory, "indi_asid_ccd", (error) => errors.push(error));
    spoil(log.path);
    log.write("Camera", "info", "one");
    log.write("Camera", "info", "two");
    await log.close();
    log.write("Camera", "info", "three");
    expect(errors).toHaveLength(1);
  },
);

test("a disk that does not answer holds nobody up, keeps a megabyte waiting and is told of once", async () => {
  const errors: unknown[] = [];
  const directory = mkdtempSync(join(folder, "hangs-"));
  const log = new SessionLog(directory, "indi_asid_ccd", (error) => errors.push(error));
  mkdirSync(dirname(log.path), { recursive: true });
  // Whoever opens it to write waits for somebody who reads.
  execFileSync("mkfifo", [log.path]);
  const tell = async (lines: number) => {
    for (let line = 0; line < lines; line++) log.write("Camera", "debug", "x".repeat(999));
    await settle();
  };
  await tell(900);
  expect(errors).toEqual([]);
  for (let times = 0; times < 3; times++) await tell(200);
  expect(errors).toMatchObject([{ message: `${log.path}: the disk does not answer` }]);
  await log.close();
  closeSync(openSync(log.path, constants.O_RDONLY | constants.O_NONBLOCK));
});

test("the last lines for a disk that does not answer are waited for no longer than a second", async () => {
  const directory = mkdtempSync(join(folder, "farewell-"));
  const log = new SessionLog(directory, "indi_asid_ccd", () => undefined);
  mkdirSync(dirname(log.path), { recursive: true });
  execFileSync("mkfifo", [log.path]);
  log.write("Camera", "info", "one");
  const began = performance.now();
  await log.close();
  expect(performance.now() - began).toBeLessThan(3_000);
  closeSync(openSync(log.path, constants.O_RDONLY | constants.O_NONBLOCK));
});

test("without a line there is no file", async () => {
  const log = new SessionLog(join(folder, "none"), "indi_asid_ccd", () => undefined);
  await log.close();
  expect(() => readFileSync(log.path)).toThrow(/ENOENT/);
});
