import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FileRoots } from "../../../src/ccd/files/file-roots.js";
import { saveFile } from "../../../src/ccd/files/picture-file.js";

const FILE = { extension: ".fits", bytes: new Uint8Array([1, 2, 3]) };

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pictures-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
});

function save(prefix: string, time?: Date): Promise<string> {
  return saveFile({ directory, prefix }, new FileRoots([directory]), FILE, undefined, time);
}

test("pictures are numbered from 001", async () => {
  expect(await save("IMAGE_XXX")).toBe(join(directory, "IMAGE_001.fits"));
  expect(await save("IMAGE_XXX")).toBe(join(directory, "IMAGE_002.fits"));
  expect(readdirSync(directory)).toEqual(["IMAGE_001.fits", "IMAGE_002.fits"]);
  expect([...readFileSync(join(directory, "IMAGE_002.fits"))]).toEqual([1, 2, 3]);
});

test("numbers go on after the highest one, of whatever extension, and beyond 999", async () => {
  writeFileSync(join(directory, "IMAGE_003.xisf"), "");
  writeFileSync(join(directory, "IMAGE_999.fits"), "");
  writeFileSync(join(directory, "IMAGE_5000.txt.bak"), "");
  writeFileSync(join(directory, "OTHER_7000.fits"), "");
  expect(await save("IMAGE_XXX")).toBe(join(directory, "IMAGE_1000.fits"));
});

test("a number before the time is not mistaken for the time", async () => {
  const time = new Date(2026, 10, 20, 11, 50, 37, 8);
  expect(await save("M31_XXX_ISO8601", time)).toMatch(/M31_001_2026-11-20T11-50-37\.008\.fits$/);
  expect(await save("M31_XXX_ISO8601", time)).toMatch(/M31_002_2026-11-20T11-50-37\.008\.fits$/);
});

test("a name without a number is never overwritten", async () => {
  expect(await save("M31")).toBe(join(directory, "M31.fits"));
  expect(await save("M31")).toBe(join(directory, "M31_001.fits"));
  expect(await save("M31")).toBe(join(directory, "M31_002.fits"));
});

test("pictures of two cameras saved at the same moment have names of their own", async () => {
  const paths = await Promise.all(Array.from({ length: 8 }, () => save("IMAGE_XXX")));
  expect(new Set(paths).size).toBe(8);
  expect(readdirSync(directory)).toHaveLength(8);
});

test("directories that are missing are made, also those of the prefix and of the home directory", async () => {
  expect(await save("night/1/IMAGE_XXX")).toBe(join(directory, "night/1/IMAGE_001.fits"));
  const home = `_HOME_/${relative(homedir(), directory)}/new`;
  const path = await saveFile(
    { directory: home, prefix: "IMAGE_XXX" },
    new FileRoots([directory]),
    FILE,
  );
  expect(path).toBe(join(directory, "new/IMAGE_001.fits"));
});

test("a directory that cannot be one is told with the path", async () => {
  writeFileSync(join(directory, "file"), "");
  await expect(save("file/IMAGE_XXX")).rejects.toThrow(
    `Cannot save ${directory}/file/IMAGE_XXX.fits: a part of the path is no directory (EEXIST).`,
  );
});

test("what a power failure left behind a day ago is removed with the next picture, and nothing else", async () => {
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const old = [`.${id}.fits.part`, ".notes.part", `${id}.fits.part`, "IMAGE.fits.part"];
  for (const name of [...old, `.${id}.xisf.part`]) writeFileSync(join(directory, name), "half");
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  for (const name of old) utimesSync(join(directory, name), yesterday, yesterday);
  await save("IMAGE");
  expect(readdirSync(directory).sort()).toEqual(
    [`.${id}.xisf.part`, ".notes.part", `${id}.fits.part`, "IMAGE.fits", "IMAGE.fits.part"].sort(),
  );
});

test("a picture that is no longer wanted leaves nothing behind", async () => {
  const control = new AbortController();
  const saving = saveFile(
    { directory, prefix: "IMAGE_XXX" },
    new FileRoots([directory]),
    FILE,
    control.signal,
  );
  control.abort();
  await expect(saving).rejects.toThrow("aborted");
  expect(readdirSync(directory)).toEqual([]);
});

test("nothing but whole pictures has a name a reader would look at", async () => {
  const seen = new Set<string>();
  const watching = setInterval(() => {
    for (const name of readdirSync(directory)) {
      if (!name.startsWith(".")) seen.add(`${name} ${statSync(join(directory, name)).size}`);
    }
  });
  const bytes = new Uint8Array(8_000_000);
  for (let number = 0; number < 5; number++) {
    const roots = new FileRoots([directory]);
    await saveFile({ directory, prefix: "IMAGE_XXX" }, roots, { extension: ".fits", bytes });
  }
  clearInterval(watching);
  expect([...seen].filter((each) => !each.endsWith(" 8000000"))).toEqual([]);
  expect(readdirSync(directory)).toHaveLength(5);
});

test.each([
  ["a directory elsewhere", "/tmp", "IMAGE_XXX"],
  ["a prefix that leads out", "", "../IMAGE_XXX"],
  ["a prefix that is none, which would name a file beside the directory", "", ""],
])("%s is refused, with the way to allow it", async (_, elsewhere, prefix) => {
  const pattern = { directory: elsewhere || directory, prefix };
  await expect(saveFile(pattern, new FileRoots([directory]), FILE)).rejects.toThrow(
    `/tmp is not allowed: files may be in ${directory}. More is allowed with --file-root`,
  );
});

test("a prefix may lead into a folder that is allowed", async () => {
  mkdirSync(join(directory, "night"));
  const pattern = { directory: join(directory, "night"), prefix: "../M31" };
  expect(await saveFile(pattern, new FileRoots([directory]), FILE)).toBe(
    join(directory, "M31.fits"),
  );
});
