import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { dataBytes, type FitsImage } from "../../src/fits/image.js";
import { fitsFile } from "./file.js";

const CLEAN = "**** Verification found 0 warning(s) and 0 error(s). ****";

const images: readonly FitsImage[] = [
  { width: 5, height: 3, planes: 1, bits: 8 },
  { width: 333, height: 201, planes: 1, bits: 16 },
  { width: 16, height: 4, planes: 3, bits: 8 },
  { width: 16, height: 4, planes: 3, bits: 16 },
];

/** What fitsverify says of a file, and its exit code: the number of errors and warnings. */
function fitsverify(file: Uint8Array): { readonly status: number | null; readonly report: string } {
  const directory = mkdtempSync(join(tmpdir(), "fits-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "image.fits");
  writeFileSync(path, file);
  const { error, status, stdout } = spawnSync("fitsverify", [path], { encoding: "utf8" });
  if (error) throw error;
  return { status, report: stdout };
}

test.each(images.flatMap((image) => [undefined, 14400].map((room) => ({ ...image, room }))))(
  "fitsverify has nothing to say of $planes plane(s) of $bits bits, header room $room",
  ({ room, ...image }) => {
    const data = new Uint8Array(dataBytes(image)).fill(0x55);
    const { status, report } = fitsverify(fitsFile(image, data, room));
    expect(report).toContain(CLEAN);
    expect(status).toBe(0);
  },
);

test("fitsverify finds fault with a file whose padding is not zero", () => {
  const file = fitsFile({ width: 5, height: 3, planes: 1, bits: 8 }, new Uint8Array(15));
  file[file.length - 1] = 1;
  expect(fitsverify(file).report).not.toContain(CLEAN);
});
