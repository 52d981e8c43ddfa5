import { describe, expect, test } from "vitest";
import { Laggards, type Recipient } from "../../src/indi/laggards.js";

class Somebody implements Recipient {
  stalledMs = 0;
  isProven = false;
  reason: string | undefined;

  drop(reason: string): void {
    this.reason = reason;
  }
}

/** Two clients that are sent the same, in a time that passes when the test says so. */
function two() {
  const [good, slow] = [new Somebody(), new Somebody()];
  let next: (() => void) | undefined;
  const laggards = new Laggards([good, slow], (_, expire) => {
    next = expire;
    return () => {
      next = undefined;
    };
  });
  const look = (times: number) => {
    for (let time = 0; time < times; time++) next?.();
  };
  return { good, slow, laggards, look };
}

describe("of clients that are sent the same", () => {
  test("one that takes nothing for a second is closed once a faster one waits for it", () => {
    const { good, slow, laggards, look } = two();
    slow.stalledMs = 999;
    laggards.done(good);
    laggards.recall();
    expect(slow.reason).toBeUndefined();
    slow.stalledMs = 1_000;
    look(1);
    expect([good.reason, slow.reason]).toEqual([undefined, "it holds up faster clients"]);
  });

  test("one that has taken pictures before may stall for five seconds", () => {
    const { good, slow, laggards, look } = two();
    slow.isProven = true;
    slow.stalledMs = 4_999;
    laggards.done(good);
    laggards.recall();
    expect(slow.reason).toBeUndefined();
    slow.stalledMs = 5_000;
    look(1);
    expect(slow.reason).toBe("it holds up faster clients");
  });

  test("one that takes something may keep a faster one waiting for ten seconds", () => {
    const { good, slow, laggards, look } = two();
    laggards.done(good);
    laggards.recall();
    look(49);
    expect(slow.reason).toBeUndefined();
    look(1);
    expect(slow.reason).toBe("it holds up faster clients");
  });

  test("none is closed while all are slow, or nobody needs the bytes", () => {
    const { good, slow, laggards, look } = two();
    for (const one of [good, slow]) one.stalledMs = 60_000;
    look(100);
    laggards.recall();
    look(100);
    expect([good.reason, slow.reason]).toEqual([undefined, undefined]);
    laggards.done(good);
    laggards.end();
    look(100);
    expect(slow.reason).toBeUndefined();
  });
});
