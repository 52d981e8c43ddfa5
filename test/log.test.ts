import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { fileOf } from "./support/programs.js";

const LOG = fileURLToPath(new URL("../dist/log.js", import.meta.url));

const PROGRAM = `
import { openLog } from ${JSON.stringify(LOG)};
const log = openLog("info").part("camera");
log.debug("not told");
log.info("first");
log.warn("second\\nthird");
`;

/** What a program logs whose standard error is a file, and which is told that the journal is at `stream`. */
function logged(stream: (file: string) => string): string {
  const file = fileOf(new Uint8Array(), "log");
  const stderr = openSync(file, "w");
  const env = { ...process.env, JOURNAL_STREAM: stream(file) };
  spawnSync(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    env,
    stdio: ["ignore", "ignore", stderr],
  });
  closeSync(stderr);
  return readFileSync(file, "utf8");
}

it("in the journal each line tells how urgent it is, and no time", () => {
  const journal = (file: string) => {
    const { dev, ino } = statSync(file);
    return `${dev}:${ino}`;
  };
  expect(logged(journal)).toBe("<6>camera: first\n<4>camera: second\n<4>third\n");
});

it("elsewhere lines have their time, also where the journal has started the terminal", () => {
  expect(logged(() => "8:4711")).toMatch(
    /^\S+T\S+Z info {2}camera: first\n\S+Z warn {2}camera: second\nthird\n$/,
  );
});
