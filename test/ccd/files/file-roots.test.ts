import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FileRoots } from "../../../src/ccd/files/file-roots.js";
import { Refused } from "../../../src/indi/errors.js";

let base = "";
let allowed = "";

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "roots-")));
  onTestFinished(() => rmSync(base, { recursive: true }));
  allowed = join(base, "allowed");
  mkdirSync(allowed);
  mkdirSync(join(base, "allowed-not"));
});

const refusal = async (path: string) => {
  const error = await new FileRoots([allowed]).admit(path).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Refused);
};

test("a root is allowed with all that is in it, whether it exists or not", async () => {
  const roots = new FileRoots([allowed]);
  expect(await roots.admit(allowed)).toBe(allowed);
  expect(await roots.admit(join(allowed, "night/1/M31"))).toBe(join(allowed, "night/1/M31"));
});

test("what is beside a root is refused, also where the names begin alike", async () => {
  await refusal(base);
  await refusal(join(base, "allowed-not"));
  await refusal(`${allowed}/../allowed-not/x`);
  await refusal("/etc");
});

test("a link that leads out of a root is refused, also one to what does not exist", async () => {
  symlinkSync("/etc", join(allowed, "link"));
  await refusal(join(allowed, "link"));
  await refusal(join(allowed, "link/new/file"));
  symlinkSync(join(base, "allowed-not"), join(allowed, "beside"));
  await refusal(join(allowed, "beside/x"));
});

test("a link from one root to another is followed, and a root may be a link itself", async () => {
  const disk = join(base, "disk");
  mkdirSync(disk);
  symlinkSync(disk, join(allowed, "disk"));
  expect(await new FileRoots([allowed, disk]).admit(join(allowed, "disk/x"))).toBe(join(disk, "x"));
  const linked = join(base, "linked");
  symlinkSync(allowed, linked);
  expect(await new FileRoots([linked]).admit(join(linked, "x"))).toBe(join(allowed, "x"));
  expect(await new FileRoots([linked]).admit(join(allowed, "x"))).toBe(join(allowed, "x"));
});

test("a refusal names the path, the roots and the option", async () => {
  await expect(new FileRoots([allowed, "/media"]).admit("/etc/x")).rejects.toThrow(
    `/etc/x is not allowed: files may be in ${allowed}, /media. More is allowed with --file-root where the daemon is started.`,
  );
});

test("files go home where that is allowed, else to the first root", () => {
  expect(new FileRoots(["/media", homedir()]).home).toBe(homedir());
  expect(new FileRoots(["/"]).home).toBe(homedir());
  expect(new FileRoots(["/media", "/mnt"]).home).toBe("/media");
});
