import { spawnSync } from "node:child_process";
import { closeSync, fstatSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import {
  createMemory,
  hasPages,
  isHeldByReaders,
  mapMemory,
  openReadOnly,
  populateMemory,
  releaseMemory,
  resizeMemory,
  unmapMemory,
} from "../../src/posix/memory.js";

/** Shared memory that is given back when the test ends. */
function memory(bytes: number): { readonly fd: number; readonly map: Uint8Array } {
  const fd = createMemory("test frame", bytes);
  const map = mapMemory(fd, bytes);
  onTestFinished(() => {
    unmapMemory(map);
    closeSync(fd);
  });
  return { fd, map };
}

/** Runs a line of JavaScript in another process whose descriptor 3 is `fd`. */
function inChild(script: string, fd: number): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    stdio: ["ignore", "pipe", "pipe", fd],
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout;
}

test("What one mapping writes, another one and another process read", () => {
  const { fd, map } = memory(8192);
  const second = mapMemory(fd, 8192);
  map.set([1, 2, 3], 5000);
  expect([...second.subarray(4999, 5004)]).toEqual([0, 1, 2, 3, 0]);
  const read = "const b = Buffer.alloc(3); fs.readSync(3, b, 0, 3, 5000); console.log(...b)";
  expect(inChild(read, fd)).toBe("1 2 3\n");
  inChild("fs.writeSync(3, Buffer.of(7, 8), 0, 2, 8190)", fd);
  expect([...map.subarray(8189)]).toEqual([0, 7, 8]);
  unmapMemory(second);
});

test("A process that is not handed the descriptor does not have it", () => {
  const { fd } = memory(4096);
  const script = `try { fs.fstatSync(${fd}) } catch (error) { console.log(error.code) }`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(stdout).toBe("EBADF\n");
});

test("Released memory costs nothing, reads as zeros, and can be written again", () => {
  const { fd, map } = memory(1 << 20);
  const blocks = () => fstatSync(fd).blocks;
  map.fill(0xaa);
  expect(blocks()).toBe(2048);
  releaseMemory(fd, 65_536, (1 << 20) - 65_536);
  expect(blocks()).toBe(128);
  expect([map[65_535], map[65_536], map[(1 << 20) - 1]]).toEqual([0xaa, 0, 0]);
  map[65_536] = 5;
  expect(map[65_536]).toBe(5);
});

test("Memory can grow and shrink", () => {
  const { fd } = memory(4096);
  resizeMemory(fd, 5_000_000_000);
  expect(fstatSync(fd).size).toBe(5_000_000_000);
  resizeMemory(fd, 100);
  expect(fstatSync(fd).size).toBe(100);
});

test("A failed call tells its name and the reason", () => {
  expect(() => mapMemory(-1, 4096)).toThrow("mmap64 failed (EBADF)");
  expect(() => resizeMemory(-1, 4096)).toThrow(
    expect.objectContaining({ call: "ftruncate64", code: "EBADF", errno: 9 }),
  );
});

test("Memory that is populated has its pages before anything is written", async () => {
  const { fd, map } = memory(1024 * 1024);
  expect(fstatSync(fd).blocks).toBe(0);
  expect(hasPages(fd, 1)).toBe(false);
  expect(await populateMemory(map.subarray(5))).toBe(true);
  expect(hasPages(fd, 15 * 65_536)).toBe(true);
  expect(fstatSync(fd).blocks * 512).toBeGreaterThanOrEqual(15 * 65_536);
  expect(map.every((byte) => byte === 0)).toBe(true);
});

test("The kernel tells whether a reader still holds memory", () => {
  const { fd } = memory(4096);
  expect(isHeldByReaders(fd)).toBe(false);
  const reader = openReadOnly(fd);
  expect(isHeldByReaders(fd)).toBe(true);
  closeSync(reader);
  expect(isHeldByReaders(fd)).toBe(false);
});
