import { closeSync, readdirSync } from "node:fs";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { FrameSlots } from "../../src/camera/process/frame-slots.js";
import { mapMemory, unmapMemory } from "../../src/posix/index.js";

const BYTES = 64 * 1024;

function twoSlots(): FrameSlots {
  const slots = new FrameSlots(2, BYTES);
  onTestFinished(() => slots.close());
  return slots;
}

afterEach(() => {
  vi.useRealTimers();
});

test("The lowest free slot is taken first", async () => {
  const slots = twoSlots();
  const [first, second] = [await slots.acquire(), await slots.acquire()];
  expect([first.index, second.index]).toEqual([0, 1]);
  first.release();
  expect((await slots.acquire()).index).toBe(0);
});

test("Whoever finds no free slot gets the first one that is given back", async () => {
  const slots = twoSlots();
  const [, second] = [await slots.acquire(), await slots.acquire()];
  const third = slots.acquire();
  const fourth = slots.acquire();
  second.release();
  const got = await Promise.race([third, fourth]);
  expect(got.index).toBe(1);
  got.release();
  expect((await Promise.all([third, fourth])).map(({ index }) => index)).toEqual([1, 1]);
});

test("Giving a slot back twice frees it once", async () => {
  const slots = twoSlots();
  const first = await slots.acquire();
  first.release();
  const again = await slots.acquire();
  first.release();
  expect((await slots.acquire()).index).toBe(1);
  again.release();
});

test("Waiting for a slot ends with the signal", async () => {
  const slots = twoSlots();
  await slots.acquire();
  await slots.acquire();
  const control = new AbortController();
  const waiting = slots.acquire(control.signal);
  control.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});

test("What another mapping of the descriptor writes is in the slot", async () => {
  const slots = twoSlots();
  const slot = await slots.acquire();
  const [descriptor = -1] = slots.descriptors;
  const elsewhere = mapMemory(descriptor, BYTES);
  onTestFinished(() => unmapMemory(elsewhere));
  elsewhere[100] = 42;
  expect(slot.memory[100]).toBe(42);
});

test("Memory goes back to the system ten seconds after its last use, not before", async () => {
  vi.useFakeTimers();
  const slots = twoSlots();
  const [descriptor = -1] = slots.descriptors;
  const elsewhere = mapMemory(descriptor, BYTES);
  onTestFinished(() => unmapMemory(elsewhere));
  const first = await slots.acquire();
  first.memory[0] = 7;
  first.release();
  vi.advanceTimersByTime(9_999);
  expect(elsewhere[0]).toBe(7);
  const again = await slots.acquire();
  vi.advanceTimersByTime(60_000);
  expect(elsewhere[0]).toBe(7);
  again.release();
  vi.advanceTimersByTime(10_000);
  expect(elsewhere[0]).toBe(0);
});

test("A slot in use outlives the closing, and its descriptor goes when it is given back", async () => {
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  const slots = new FrameSlots(2, BYTES);
  const slot = await slots.acquire();
  slots.close();
  expect(open()).toBe(before + 1);
  slot.memory[0] = 1;
  slot.release();
  expect(open()).toBe(before);
});

test("Closed memory is given to nobody, neither to who comes nor to who waits", async () => {
  const slots = new FrameSlots(2, BYTES);
  const held = [await slots.acquire(), await slots.acquire()];
  const waiting = expect(slots.acquire()).rejects.toMatchObject({ name: "CameraFailure" });
  slots.close();
  await waiting;
  held[0]?.release();
  await expect(slots.acquire()).rejects.toMatchObject({ name: "CameraFailure" });
  held[1]?.release();
});

test("A slot that was shared is used again only when its readers have let go", async () => {
  const slots = twoSlots();
  const first = await slots.acquire();
  const reader = first.share() ?? -1;
  first.release();
  expect((await slots.acquire()).index).toBe(1);
  closeSync(reader);
  expect((await slots.acquire()).index).toBe(0);
});

test("One slot is always kept from readers", async () => {
  const slots = twoSlots();
  const readers: (number | undefined)[] = [];
  for (const _ of [1, 2, 3]) {
    const slot = await slots.acquire();
    readers.push(slot.share());
    slot.release();
  }
  expect(readers).toEqual([expect.any(Number), expect.any(Number), undefined]);
  for (const reader of readers) if (reader !== undefined) closeSync(reader);
});

test("Whoever waits gets the slot that readers let go of, which nobody tells", async () => {
  const slots = twoSlots();
  const readers: number[] = [];
  for (const _ of [1, 2]) {
    const slot = await slots.acquire();
    readers.push(slot.share() ?? -1);
    slot.release();
  }
  expect((await slots.acquire()).index).toBe(2);
  const waiting = slots.acquire();
  const [first = -1, second = -1] = readers;
  closeSync(second);
  expect((await waiting).index).toBe(1);
  closeSync(first);
});
