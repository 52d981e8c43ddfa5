import { describe, expect, it } from "vitest";
import { FrameRateMeter } from "../../src/camera/frame-rate.js";
import { Divider, RateLimit } from "../../src/camera/pace.js";

/** The frames, by number, that come through when one comes each `period` milliseconds for a second. */
function through(limit: number, period: number): number[] {
  const rate = new RateLimit();
  const frames = Array.from({ length: Math.floor(1_000 / period) }, (_, number) => number);
  return frames.filter((number) => rate.admits(500 + number * period, limit));
}

describe("a divisor", () => {
  it.each([
    [1, [0, 1, 2, 3, 4, 5, 6, 7]],
    [2, [0, 2, 4, 6]],
    [3, [0, 3, 6]],
    [15, [0]],
  ])("of %i keeps every such frame", (divisor, kept) => {
    const divider = new Divider();
    expect([0, 1, 2, 3, 4, 5, 6, 7].filter(() => divider.keeps(divisor))).toEqual(kept);
  });

  it("may change at any time", () => {
    const divider = new Divider();
    const divisors = [3, 3, 1, 1, 2, 2, 2];
    expect(divisors.map((divisor) => divider.keeps(divisor))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("a limit of previews", () => {
  it("lets all through that are not too many", () => {
    expect(through(10, 125)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("takes frames at even distances where there are more", () => {
    expect(through(10, 25)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
  });

  it("keeps its number on average where the rates do not divide", () => {
    expect(through(10, 66)).toHaveLength(10);
  });

  it("lets frames through that were held up for 50 ms and come together", () => {
    const rate = new RateLimit();
    const times = [0, ...Array<number>(300).fill(200)];
    expect(times.filter((now) => rate.admits(now, 1_000))).toHaveLength(51);
  });

  it("makes up for nothing where frames are further apart", () => {
    const rate = new RateLimit();
    const admitted = [0, 5_000, 5_010, 5_090, 5_100, 5_110].filter((now) => rate.admits(now, 10));
    expect(admitted).toEqual([0, 5_000, 5_100]);
  });
});

describe("a frame rate", () => {
  it("is measured from frame to frame, whenever somebody looks", () => {
    const meter = new FrameRateMeter(0);
    for (let time = 100; time <= 350; time += 50) meter.count(time);
    const first = meter.rate(399);
    for (let time = 400; time <= 800; time += 50) meter.count(time);
    expect(first.instant).toBeCloseTo(6 / 0.35);
    expect(meter.rate(801).instant).toBeCloseTo(20);
    expect(meter.frames).toBe(15);
  });

  it("averages over a second", () => {
    const meter = new FrameRateMeter(0);
    for (let time = 10; time <= 1_000; time += 10) meter.count(time);
    expect(meter.rate(1_000).average).toBeCloseTo(100);
    for (let time = 1_100; time <= 3_000; time += 100) {
      meter.count(time);
      meter.rate(time);
    }
    expect(meter.rate(3_000).average).toBeCloseTo(10);
  });

  it("falls when nothing comes any more", () => {
    const meter = new FrameRateMeter(0);
    for (let time = 10; time <= 100; time += 10) meter.count(time);
    expect(meter.rate(101).instant).toBeCloseTo(100);
    expect(meter.rate(4_100)).toEqual({ instant: 0.25, average: 0.25 });
  });
});
