import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");

/** What each folder may import of ours, as docs/architecture.md says. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  indi: [],
  fits: [],
  ser: [],
  posix: [],
  asi: [],
  xisf: [],
  simd: [],
  compression: ["fits", "posix"],
  camera: ["asi", "fits", "ser"],
  "camera/process": ["camera", "asi", "posix", "simd"],
  ccd: [
    "ccd/features",
    "ccd/files",
    "camera",
    "camera/process",
    "indi",
    "fits",
    "xisf",
    "simd",
    "compression",
  ],
  "ccd/files": ["camera", "camera/process", "indi", "posix"],
  "ccd/features": ["ccd", "ccd/files", "camera", "camera/process", "indi", "fits"],
  guider: ["camera", "camera/process", "indi"],
  snap: ["indi", "fits"],
  doctor: ["camera", "camera/process", "posix"],
};

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

function imports(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/^(?:import|export)[^;]*?from "([^"]+)";/gms)].map(
    ([, name]) => name ?? "",
  );
}

test("folders import only what the architecture allows", () => {
  const broken = files.flatMap((file) => {
    const folder = dirname(file);
    const allowed = ARROWS[folder];
    if (allowed === undefined) return [];
    return imports(file)
      .filter((name) => name.startsWith("."))
      .map((name) => relative(SRC, resolve(SRC, folder, dirname(name))))
      .filter((target) => target !== folder && !allowed.includes(target))
      .map((target) => `${file} imports ${target}`);
  });
  expect(broken).toEqual([]);
});

test("every folder of the source has its place in the architecture", () => {
  const folders = new Set(files.map((file) => dirname(file)));
  folders.delete(".");
  folders.delete("commands");
  expect([...folders].sort()).toEqual(Object.keys(ARROWS).sort());
});

test("only asi and posix use koffi", () => {
  const users = files
    .filter((file) => imports(file).includes("koffi"))
    .map((file) => dirname(file));
  expect(new Set(users)).toEqual(new Set(["asi", "posix"]));
});
