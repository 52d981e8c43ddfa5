import { fstatSync } from "node:fs";
import { expect, test } from "vitest";
import { FrameRing, ringBytes } from "../../../src/camera/process/frame-ring.js";
import { VideoMemory } from "../../../src/camera/process/video-memory.js";
import { mapMemory, resizeMemory, unmapMemory } from "../../../src/posix/index.js";

const CELL = 65_536;

/** A video's memory of eight cells, all of which the camera process has filled, each with its number. */
function video() {
  const given: number[] = [];
  const memory = new VideoMemory(8 * CELL, (bytes) => given.push(bytes));
  const layout = { cells: 8, cellBytes: CELL };
  resizeMemory(memory.fd, ringBytes(layout));
  const camera = mapMemory(memory.fd, ringBytes(layout));
  const ring = new FrameRing(camera, layout);
  for (let cell = 0; cell < 8; cell++) {
    ring.hold(cell, "daemon");
    ring.memory(cell).fill(cell + 1);
    ring.letGo(cell, "daemon");
  }
  memory.open(layout);
  const lend = (cell: number) => {
    ring.hold(cell, "daemon");
    const preview = { bytes: CELL, size: CELL };
    return memory.preview({ kind: "preview", cell, preview, encoding: "raw", time: 0 });
  };
  return { memory, given, lend, end: () => unmapMemory(camera) };
}

test("The memory of a video whose frames have all left is given back when it ends", () => {
  const { memory, given, lend, end } = video();
  lend(3).release();
  expect(given).toEqual([]);
  memory.close();
  expect(given).toEqual([8 * CELL]);
  end();
});

test("Frames that leave after the end of a video keep what they are, and only their own memory", () => {
  const { memory, given, lend, end } = video();
  const [first, second] = [lend(3), lend(5)];
  end();
  memory.close();
  expect(given).toEqual([6 * CELL]);
  const pages = () => fstatSync(memory.fd).blocks * 512;
  // The states of the cells have a page of their own.
  expect(pages()).toBeLessThan(3 * CELL);
  expect(new Set(first.pixels)).toEqual(new Set([4]));
  first.release();
  expect(given).toEqual([6 * CELL, CELL]);
  expect(pages()).toBeLessThan(2 * CELL);
  expect(new Set(second.pixels)).toEqual(new Set([6]));
  second.release();
  expect(given).toEqual([6 * CELL, CELL, CELL]);
});
