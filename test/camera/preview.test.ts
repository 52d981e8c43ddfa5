import { execFileSync } from "node:child_process";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isItsOwnPreview, type LivePicture, PreviewMaker } from "../../src/camera/preview.js";

const ROOM = 1 << 20;

function picture16(samples: readonly number[], width: number): LivePicture {
  const pixels = new Uint8Array(Uint16Array.from(samples).buffer);
  return { pixels, width, height: samples.length / width, format: "RAW16" };
}

async function made(
  picture: LivePicture,
  depth: 8 | 16,
  encoding: "raw" | "jpeg" | "deflate",
  room = ROOM,
) {
  const target = new Uint8Array(room);
  const preview = await new PreviewMaker().make(
    picture,
    { depth, encoding },
    target,
    () => new Uint8Array(ROOM),
  );
  return preview && { ...preview, data: target.subarray(0, preview.bytes) };
}

/** What the reference decoder of libjpeg makes of it: a PNM file. */
function decoded(jpeg: Uint8Array): { header: string; pixels: Uint8Array } {
  const pnm = execFileSync("djpeg", { input: jpeg });
  const header = /^P[56]\n\d+ \d+\n255\n/.exec(pnm.toString("latin1"))?.[0] ?? "";
  return { header, pixels: pnm.subarray(header.length) };
}

describe("a live frame", () => {
  it("is its own preview where nothing is to be done", () => {
    expect(isItsOwnPreview("RAW8", { depth: 8, encoding: "raw" })).toBe(true);
    expect(isItsOwnPreview("Y8", { depth: 16, encoding: "raw" })).toBe(true);
    expect(isItsOwnPreview("RAW16", { depth: 16, encoding: "raw" })).toBe(true);
    expect(isItsOwnPreview("RAW16", { depth: 8, encoding: "raw" })).toBe(false);
    expect(isItsOwnPreview("RGB24", { depth: 8, encoding: "raw" })).toBe(false);
    expect(isItsOwnPreview("RAW8", { depth: 8, encoding: "jpeg" })).toBe(false);
  });

  it("of 16 bits becomes one of 8 by the transfer function of sRGB", async () => {
    const preview = await made(picture16([0, 65_535, 100, 14_035, 32_768, 1_000], 3), 8, "raw");
    // 14 035 of 65 535 is the linear light of sRGB 127.5 of 255.
    expect([...(preview?.data ?? [])]).toEqual([0, 255, 5, 128, 188, 33]);
    expect(preview?.size).toBe(6);
  });

  it("in colour has red first", async () => {
    const pixels = Uint8Array.from([1, 2, 3, 4, 5, 6]);
    const preview = await made({ pixels, width: 2, height: 1, format: "RGB24" }, 8, "raw");
    expect([...(preview?.data ?? [])]).toEqual([3, 2, 1, 6, 5, 4]);
  });

  it("is deflated with its size told", async () => {
    const preview = await made(picture16(Array(1_000).fill(515), 10), 16, "deflate");
    expect(preview?.size).toBe(2_000);
    expect(preview?.bytes).toBeLessThan(100);
    expect(inflateSync(preview?.data ?? "")).toEqual(Buffer.alloc(2_000, Uint8Array.of(3, 2)));
  });

  it("is a grey JPEG that another decoder reads", async () => {
    const samples = Array.from({ length: 64 * 48 }, (_, at) => (at % 64) * 1_000);
    const preview = await made(picture16(samples, 64), 8, "jpeg");
    const { header, pixels } = decoded(preview?.data ?? new Uint8Array());
    expect(header).toBe("P5\n64 48\n255\n");
    const raw = await made(picture16(samples, 64), 8, "raw");
    const errors = pixels.map((value, at) => Math.abs(value - (raw?.data[at] ?? 0)));
    expect(Math.max(...errors)).toBeLessThan(12);
  });

  it("is a JPEG of the right colours", async () => {
    const pixels = new Uint8Array(3 * 64 * 48);
    for (let at = 0; at < pixels.length; at += 3) pixels.set([20, 90, 230], at);
    const picture: LivePicture = { pixels, width: 64, height: 48, format: "RGB24" };
    const preview = await made(picture, 8, "jpeg");
    const found = decoded(preview?.data ?? new Uint8Array());
    expect(found.header).toBe("P6\n64 48\n255\n");
    const [red = 0, green = 0, blue = 0] = found.pixels.subarray(3 * 1_000);
    expect(Math.abs(red - 230) + Math.abs(green - 90) + Math.abs(blue - 20)).toBeLessThan(12);
  });

  it("is left out where it does not fit", async () => {
    expect(await made(picture16([1, 2, 3, 4], 2), 8, "jpeg", 100)).toBeUndefined();
  });
});
