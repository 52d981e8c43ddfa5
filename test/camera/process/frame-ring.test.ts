import { describe, expect, it } from "vitest";
import { FrameRing, ringBytes, ringLayout } from "../../../src/camera/process/frame-ring.js";

const MEBIBYTE = 1024 * 1024;

function ring(cells: number) {
  const layout = { cells, cellBytes: 8_192 };
  const memory = new Uint8Array(ringBytes(layout));
  // Two processes look at the same memory, each in its own way.
  return { camera: new FrameRing(memory, layout), daemon: new FrameRing(memory, layout) };
}

describe("a ring of frames", () => {
  it("has as many cells as its memory holds, within reason", () => {
    expect(ringLayout(307_200, 512 * MEBIBYTE)).toEqual({ cells: 1_724, cellBytes: 311_296 });
    expect(ringLayout(122_000_000, 512 * MEBIBYTE).cells).toBe(6);
    expect(ringLayout(1_024, 512 * MEBIBYTE).cells).toBe(4_096);
    expect(ringBytes(ringLayout(10_000_000, 65_536 * MEBIBYTE))).toBeLessThan(2 ** 31);
  });

  it("gives out the lowest cell that nobody holds", () => {
    const { camera } = ring(3);
    expect([camera.take("camera"), camera.take("camera")]).toEqual([0, 1]);
    camera.letGo(0, "camera");
    expect([camera.take("preview"), camera.take("camera"), camera.take("camera")]).toEqual([
      0,
      2,
      undefined,
    ]);
  });

  it("fills a cell again only when all have let go of it", () => {
    const { camera, daemon } = ring(1);
    expect(camera.take("camera")).toBe(0);
    camera.hold(0, "recorder");
    camera.hold(0, "daemon");
    camera.letGo(0, "camera");
    camera.letGo(0, "recorder");
    expect(camera.take("camera")).toBeUndefined();
    expect(camera.isHeld(0, "daemon")).toBe(true);
    daemon.letGo(0, "daemon");
    expect(camera.take("camera")).toBe(0);
  });

  it("tells what memory somebody does not hold", () => {
    const { camera, daemon } = ring(6);
    const stretches = () => [...daemon.stretchesWithout("daemon")];
    expect(stretches()).toEqual([[4_096, 53_248]]);
    for (const cell of [1, 2, 5]) camera.hold(cell, "daemon");
    camera.hold(3, "camera");
    expect(stretches()).toEqual([
      [4_096, 12_288],
      [28_672, 45_056],
    ]);
  });

  it("has cells that do not overlap, seen alike by both", () => {
    const { camera, daemon } = ring(3);
    for (const cell of [0, 1, 2]) camera.memory(cell).fill(cell + 1);
    expect([0, 1, 2].map((cell) => new Set(daemon.memory(cell)))).toEqual([
      new Set([1]),
      new Set([2]),
      new Set([3]),
    ]);
    expect(camera.take("camera")).toBe(0);
  });
});
