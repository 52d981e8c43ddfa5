import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CameraIdentity } from "../src/camera/camera-info.js";
import { CameraNames, fits } from "../src/camera-names.js";
import { Nicknames } from "../src/indi/nicknames.js";
import { legacyNicknames } from "../src/legacy-nicknames.js";

const folder = mkdtempSync(join(tmpdir(), "names-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const camera = (serial: string | undefined, cameraId = 0): CameraIdentity => ({
  name: "ZWO ASI294MC Pro",
  cameraId,
  serial,
});
const PLAIN = "ZWO CCD ASI294MC Pro";

const noError = (error: unknown) => expect.unreachable(`${error}`);

let files = 0;
const newFile = () => join(folder, `${++files}.xml`);

/** Names cameras that come one after the other and stay. */
async function namesOf(path: string, ...cameras: readonly CameraIdentity[]) {
  const names = new CameraNames(new Nicknames(path, "ZWO CCD"), noError);
  await names.load();
  const present = new Map<string, CameraIdentity>();
  for (const one of cameras) present.set(await names.choose(one, "", present), one);
  return [...present].map(([name, { serial, cameraId }]) => `${serial ?? cameraId}: ${name}`);
}

describe("the name of a camera", () => {
  test("is its model's with the driver's in front, or the user's", async () => {
    const names = new CameraNames(new Nicknames(newFile(), "ZWO CCD"), noError);
    const none = new Map();
    expect(await names.choose(camera("a"), "", none)).toBe(PLAIN);
    expect(await names.choose(camera("a"), "Main", none)).toBe("ZWO CCD Main");
    expect(await names.choose(camera("a"), "ZWO CCD Main", none)).toBe("ZWO CCD Main");
  });

  test("is numbered for equal ones, and each keeps its own in whatever order they come back", async () => {
    const path = newFile();
    expect(await namesOf(path, camera("a"), camera("b"), camera("c"))).toEqual([
      `a: ${PLAIN}`,
      `b: ${PLAIN} 1`,
      `c: ${PLAIN} 2`,
    ]);
    expect(await namesOf(path, camera("c"), camera("b"), camera("a"))).toEqual([
      `c: ${PLAIN} 2`,
      `b: ${PLAIN} 1`,
      `a: ${PLAIN}`,
    ]);
    expect(await namesOf(path, camera("b"), camera("d"))).toEqual([
      `b: ${PLAIN} 1`,
      `d: ${PLAIN} 3`,
    ]);
  });

  test("is the plain one again for a camera that replaces another it never met", async () => {
    const path = newFile();
    expect(await namesOf(path, camera("a"))).toEqual([`a: ${PLAIN}`]);
    expect(await namesOf(path, camera("b"))).toEqual([`b: ${PLAIN}`]);
  });

  test("is not kept over a start for cameras that only have a number", async () => {
    const path = newFile();
    expect(await namesOf(path, camera(undefined, 4), camera(undefined, 7))).toEqual([
      `4: ${PLAIN}`,
      `7: ${PLAIN} 1`,
    ]);
    expect(await namesOf(path, camera(undefined, 7))).toEqual([`7: ${PLAIN}`]);
  });

  test("follows a nickname that was changed", async () => {
    const path = newFile();
    await namesOf(path, camera("a"), camera("b"));
    const names = new CameraNames(new Nicknames(path, "ZWO CCD"), noError);
    await names.load();
    const others = new Map([[PLAIN, camera("a")]]);
    expect(await names.choose(camera("b"), "Guide", others)).toBe("ZWO CCD Guide");
    expect(await names.choose(camera("b"), "", others)).toBe(`${PLAIN} 1`);
  });

  test("is given also where it cannot be written down, which is told", async () => {
    // A folder, which is no file to write to.
    const path = mkdtempSync(join(folder, "not-a-file-"));
    const errors: unknown[] = [];
    const names = new CameraNames(new Nicknames(path, "ZWO CCD"), (error) => errors.push(error));
    const others = new Map([[PLAIN, camera("a")]]);
    expect(await names.choose(camera("b"), "", others)).toBe(`${PLAIN} 1`);
    expect(`${errors}`).toContain("EISDIR");
  });

  test("leaves room for what C clients can keep", () => {
    expect(fits("x".repeat(52))).toBe(true);
    expect(fits("x".repeat(53))).toBe(false);
  });
});

describe("nicknames", () => {
  const LIBINDI = `<INDINicknames>
    <device name="Other Driver">
        <nickname identifier="77">Mine</nickname>
    </device>
    <device name="ZWO CCD">
        <nickname identifier="513d0001">Main</nickname>
    </device>
</INDINicknames>
`;

  test("are read from libindi's file and written beside other drivers'", async () => {
    const path = newFile();
    writeFileSync(path, LIBINDI);
    const nicknames = new Nicknames(path, "ZWO CCD");
    expect(await nicknames.all()).toEqual(new Map([["513d0001", "Main"]]));
    await Promise.all([nicknames.set("513d0002", `"Guide" & more`), nicknames.set("513d0001", "")]);
    expect(await nicknames.all()).toEqual(
      new Map([
        ["513d0001", ""],
        ["513d0002", `"Guide" & more`],
      ]),
    );
    expect(readFileSync(path, "utf8")).toContain('<nickname identifier="77">Mine</nickname>');
  });

  test("are read from the file of older C++ drivers, too", async () => {
    const path = newFile();
    expect(await legacyNicknames(path)).toEqual(new Map());
    writeFileSync(
      path,
      `<Nicknames>\n  <Nickname SerialNumber='513d0003'>\n      Old name\n  </Nickname>\n</Nicknames>\n`,
    );
    expect(await legacyNicknames(path)).toEqual(new Map([["513d0003", "Old name"]]));
  });
});
