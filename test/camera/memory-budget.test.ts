import { expect, onTestFinished, test } from "vitest";
import { MemoryBudget } from "../../src/camera/memory-budget.js";
import { FrameSlots } from "../../src/camera/process/frame-slots.js";

const FRAME = 64 * 1024;

/** Two frames' slots on that budget. */
function slotsOn(budget: MemoryBudget): FrameSlots {
  const slots = new FrameSlots(2, FRAME, budget);
  onTestFinished(() => slots.close());
  return slots;
}

test("A picture waits for the memory of another camera's that is under way", async () => {
  const budget = new MemoryBudget(FRAME);
  const [one, other] = [slotsOn(budget), slotsOn(budget)];
  const first = await one.acquire();
  let isThere = false;
  const waiting = other.acquire().then((slot) => {
    isThere = true;
    return slot;
  });
  await Promise.resolve();
  expect(isThere).toBe(false);
  first.release();
  (await waiting).release();
});

test("Memory kept for the next picture goes to who needs it, and only as much as a picture takes is counted", async () => {
  const budget = new MemoryBudget(FRAME);
  const [one, other] = [slotsOn(budget), slotsOn(budget)];
  (await one.acquire()).release();
  expect(budget.free).toBe(0);
  const half = await other.acquire(undefined, FRAME / 2);
  const another = await other.acquire(undefined, FRAME / 2);
  expect(budget.free).toBe(0);
  half.release();
  another.release();
});

test("A picture that never fits is refused with both sizes and what helps", async () => {
  const slots = slotsOn(new MemoryBudget(1_000_000));
  await expect(slots.acquire(undefined, 2_000_000)).rejects.toThrow(
    "A picture of 2 MB does not fit into the 1 MB for pictures: choose a smaller frame, a larger binning or fewer bits, or start with a larger --max-memory.",
  );
});

test("Closed slots give all their memory back", async () => {
  const budget = new MemoryBudget(3 * FRAME);
  const slots = new FrameSlots(2, FRAME, budget);
  const [used, idle] = [await slots.acquire(), await slots.acquire()];
  idle.release();
  slots.close();
  used.release();
  expect(budget.free).toBe(3 * FRAME);
});

test("A video gets what it wants, at most half of what is free, and nothing below the least", () => {
  const budget = new MemoryBudget(100);
  expect(budget.takeUpTo(20, 6)).toBe(20);
  expect(budget.takeUpTo(1000, 6)).toBe(40);
  expect(budget.takeUpTo(1000, 30)).toBe(30);
  expect(budget.takeUpTo(1000, 30)).toBeUndefined();
});
