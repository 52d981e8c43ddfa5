import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SerDescription, SerError, SerWriter } from "../../src/ser/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "indi-asid-ser-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const STARTED = Date.UTC(2026, 10, 20, 11, 50, 37) + 250.1234;

const SMALL: SerDescription = {
  width: 3,
  height: 2,
  bits: 16,
  color: "GRBG",
  observer: "Caroline Herschel",
  instrument: "ZWO CCD ASI290MM Mini",
  telescope: "Dobson",
  startedAt: STARTED,
};

const frame = (fill: number, time: number, bytes = 12) => ({
  pixels: new Uint8Array(bytes).fill(fill),
  time,
});

/** Reads a SER file by the format description, with none of our code. */
const READER = `
import json, struct, sys
data = open(sys.argv[1], "rb").read()
fields = struct.unpack("<14s7i40s40s40sqq", data[:178])
width, height, bits, count = fields[4], fields[5], fields[6], fields[7]
samples = 3 if fields[2] >= 100 else 1
size = width * height * samples * (2 if bits > 8 else 1)
end = 178 + count * size
times = data[end:] if len(data) == end + 8 * count else b""
print(json.dumps(dict(
  id=fields[0].decode(), luid=fields[1], color=fields[2], endian=fields[3], width=width, height=height,
  bits=bits, count=count, texts=[text.rstrip(b"\\0").decode() for text in fields[8:11]],
  local=fields[11], utc=fields[12], first=[data[178 + i * size] for i in range(count)],
  times=list(struct.unpack("<%dq" % (len(times) // 8), times)))))
`;

// Three and a half hours behind UTC in winter: no zone a machine is likely to be in.
process.env.TZ = "America/St_Johns";

function read(path: string) {
  return JSON.parse(execFileSync("python3", ["-c", READER, path], { encoding: "utf8" }));
}

/** 100 ns since the year 1, of a whole second; exact as a double only to a few of them. */
const ticks = (milliseconds: number) => milliseconds * 10_000 + 621_355_968_000_000_000;

describe("a SER file", () => {
  it("tells an independent reader what it holds", async () => {
    const writer = await SerWriter.create(join(folder, "a/b/moon.ser"), SMALL);
    await writer.append([frame(1, STARTED + 1), frame(2, STARTED + 2)]);
    await writer.append([frame(3, STARTED + 3)]);
    await writer.close();
    expect(writer.path).toBe(join(folder, "a/b/moon.ser"));
    const found = read(writer.path);
    expect(found).toMatchObject({
      id: "INDI-RECORDER\0",
      luid: 0,
      color: 9,
      endian: 0,
      width: 3,
      height: 2,
      bits: 16,
      count: 3,
      texts: ["Caroline Herschel", "ZWO CCD ASI290MM Mini", "Dobson"],
      first: [1, 2, 3],
    });
    expect(found.utc).toBeCloseTo(ticks(STARTED), -3);
    expect(found.local).toBeCloseTo(ticks(STARTED - 3.5 * 3_600_000), -3);
    expect(found.times).toHaveLength(3);
    expect(found.times[2] - found.times[1]).toBeCloseTo(10_000, -2);
  });

  it("keeps times to the microsecond", async () => {
    const writer = await SerWriter.create(join(folder, "moon.ser"), SMALL);
    await writer.append([frame(0, STARTED)]);
    await writer.close();
    const file = readFileSync(writer.path);
    expect(file.readBigInt64LE(170) / 10n).toBe(63_930_772_237_250_123n);
    expect(file.readBigInt64LE(190) / 10n).toBe(63_930_772_237_250_123n);
  });

  it.each([
    ["mono", 0],
    ["RGGB", 8],
    ["GRBG", 9],
    ["GBRG", 10],
    ["BGGR", 11],
    ["RGB", 100],
    ["BGR", 101],
  ] as const)("has a number for %s: %i", async (color, number) => {
    const writer = await SerWriter.create(join(folder, "moon.ser"), { ...SMALL, color, bits: 8 });
    await writer.append([frame(7, STARTED, number >= 100 ? 18 : 6)]);
    await writer.close();
    expect(read(writer.path)).toMatchObject({ color: number, bits: 8, count: 1, first: [7] });
  });

  it("is readable though its writer died a second ago", async () => {
    const writer = await SerWriter.create(join(folder, "moon.ser"), SMALL);
    await writer.append([frame(1, STARTED)]);
    await writer.append([frame(2, STARTED + 500)]);
    expect(read(writer.path).count).toBe(1);
    await writer.append([frame(3, STARTED + 1_000)]);
    expect(read(writer.path)).toMatchObject({ count: 3, first: [1, 2, 3], times: [] });
    await writer.close();
  });

  it("never takes the place of another", async () => {
    writeFileSync(join(folder, "moon.ser"), "precious");
    const writer = await SerWriter.create(join(folder, "moon.ser"), SMALL);
    await writer.close();
    expect(writer.path).toBe(join(folder, "moon_2.ser"));
    expect(readFileSync(join(folder, "moon.ser"), "utf8")).toBe("precious");
  });

  it("says where it cannot be", async () => {
    writeFileSync(join(folder, "file"), "");
    const creating = SerWriter.create(join(folder, "file/moon.ser"), SMALL);
    await expect(creating).rejects.toThrow(`${folder}/file/moon.ser: `);
    await expect(creating).rejects.toBeInstanceOf(SerError);
  });

  it("holds its whole frames when it has reached the largest size there is", () => {
    // A process whose files may have 20 KiB: the header and 40 frames of 500 bytes.
    const script = `
      import { SerWriter } from ${JSON.stringify(new URL("../../dist/ser/index.js", import.meta.url).href)};
      process.on("SIGXFSZ", () => {});
      const writer = await SerWriter.create(process.argv[1], ${JSON.stringify({ ...SMALL, width: 25, height: 10 })});
      const frames = Array.from({ length: 60 }, (_, n) => ({ pixels: new Uint8Array(500).fill(n), time: ${STARTED} }));
      await writer.append(frames).catch((error) => console.log(error.code, error.message));
      console.log(writer.frames);
      await writer.close().catch(() => {});`;
    const path = join(folder, "moon.ser");
    const said = execFileSync(
      "bash",
      [
        "-c",
        'ulimit -f 20; exec "$0" --input-type=module -e "$1" "$2"',
        process.execPath,
        script,
        path,
      ],
      { encoding: "utf8" },
    );
    const [failure = "", frames = ""] = said.split("\n");
    expect(failure).toMatch(/^EFBIG .*moon.ser: the file has reached its largest size$/);
    expect(Number(frames)).toBe(40);
    const found = read(path);
    expect(found.count).toBe(Number(frames));
    expect(found.first.at(-1)).toBe(found.count - 1);
  });
});
