import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { createMemory, mapMemory, unmapMemory } from "../../../src/posix/index.js";
import { descendantsOf } from "../../support/daemon.js";
import { filesIn } from "../../support/files.js";
import { eventually } from "../../support/steering.js";

/** A process that is asked and never answers. */
const HANGING = {
  entry: new URL("./hanging-files.js", import.meta.url),
  lookMs: 600,
  saveMs: (bytes: number) => 600 + bytes,
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "files-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
});

/** A file of ten letters in shared memory, with other bytes around it. */
function letters() {
  const fd = createMemory("a test", 4096);
  const memory = mapMemory(fd, 4096);
  memory.set(Buffer.from("before abcdefghij after"));
  onTestFinished(() => {
    unmapMemory(memory);
    closeSync(fd);
  });
  return { extension: ".fits", memory: fd, offset: 7, length: 10 };
}

const named = (prefix: string) => ({ directory, prefix });

test("a picture is saved out of the memory it is in, one after the other", async () => {
  const files = filesIn(directory);
  const [first, second] = await Promise.all([
    files.save(named("A_XXX"), letters()),
    files.save(named("B/XXX"), letters()),
  ]);
  expect([first, second]).toEqual([join(directory, "A_001.fits"), join(directory, "B/001.fits")]);
  expect(readFileSync(first, "utf8")).toBe("abcdefghij");
});

test("a folder is looked at, and refused, as the roots say", async () => {
  const files = filesIn(directory);
  expect(await files.admit(join(directory, "night"))).toBe(join(directory, "night"));
  await expect(files.admit("/etc")).rejects.toMatchObject({
    name: "Refused",
    message: expect.stringContaining("/etc is not allowed"),
  });
  await expect(files.save({ directory: "/etc", prefix: "A" }, letters())).rejects.toMatchObject({
    name: "Refused",
  });
});

test("a disk that does not answer is told with the path, and its process is ended", async () => {
  const files = filesIn(directory, HANGING);
  await expect(files.save(named("IMAGE_XXX"), letters())).rejects.toMatchObject({
    name: "FileFailure",
    message: `Cannot save ${directory}/IMAGE_XXX.fits: the disk has not answered for 1 s.`,
  });
  await expect(files.admit("/mnt/nas")).rejects.toThrow(
    "Cannot look at /mnt/nas: the disk has not answered for 1 s.",
  );
  await eventually("the process has ended", () => descendantsOf(process.pid).length === 0);
});

test("a picture whose process is ended by somebody else is saved by its successor", async () => {
  const files = filesIn(directory);
  await files.admit(directory);
  const [pid = 0] = descendantsOf(process.pid);
  process.kill(pid, "SIGSTOP");
  const saving = files.save(named("IMAGE_XXX"), letters());
  process.kill(pid, "SIGKILL");
  expect(await saving).toBe(join(directory, "IMAGE_001.fits"));
});

test("a picture that is no longer wanted is not saved, and the process goes on", async () => {
  const files = filesIn(directory);
  await files.admit(directory);
  const before = descendantsOf(process.pid);
  const [pid = 0] = before;
  const control = new AbortController();
  // So that it hears of both at once, and cannot be done before.
  process.kill(pid, "SIGSTOP");
  const saving = files.save(named("IMAGE_XXX"), letters(), control.signal);
  control.abort();
  process.kill(pid, "SIGCONT");
  await expect(saving).rejects.toThrow("aborted");
  expect(readdirSync(directory)).toEqual([]);
  await files.save(named("IMAGE_XXX"), letters());
  expect(descendantsOf(process.pid)).toEqual(before);
});

test("nothing is done once the camera is disconnected, and no process is left", async () => {
  const files = filesIn(directory);
  await files.admit(directory);
  await files.close();
  await expect(files.admit(directory)).rejects.toThrow("the camera is disconnected");
  expect(descendantsOf(process.pid)).toEqual([]);
});
