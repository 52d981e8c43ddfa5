import { describe, expect, test } from "vitest";
import { Inbox } from "../../src/indi/inbox.js";
import type { Message } from "../../src/indi/messages.js";

/** An inbox for ten requests a second, in a time that passes when the test says so. */
function inbox(rate = 10) {
  const handled: string[] = [];
  const state = { now: 0, isBehind: false, isPaused: false };
  let expiry: { readonly at: number; readonly expire: () => void } | undefined;
  const box = new Inbox({
    rate,
    now: () => state.now,
    timer: (milliseconds, expire) => {
      expiry = { at: state.now + milliseconds, expire };
      return () => {
        expiry = undefined;
      };
    },
    handle: (message) => void handled.push(message.tag === "pingReply" ? message.uid : message.tag),
    isBehind: () => state.isBehind,
    pause: () => {
      state.isPaused = true;
    },
    resume: () => {
      state.isPaused = false;
    },
  });
  const ask = (count: number, message: Message = { tag: "pingReply", uid: "x" }) => {
    for (let number = 0; number < count; number++) box.add(message);
    box.proceed();
  };
  const pass = (milliseconds: number) => {
    const end = state.now + milliseconds;
    while (expiry && expiry.at <= end) {
      const { at, expire } = expiry;
      state.now = at;
      expiry = undefined;
      expire();
    }
    state.now = end;
  };
  return { box, handled, state, ask, pass };
}

describe("an inbox", () => {
  test("handles at once what a peer asks now and then", () => {
    const { handled, state, ask, pass } = inbox();
    for (let second = 0; second < 100; second++) {
      ask(10);
      pass(1_000);
    }
    expect(handled).toHaveLength(1_000);
    expect(state.isPaused).toBe(false);
  });

  test("handles a burst at once, and what exceeds it in order at its rate, the peer paused", () => {
    const { box, handled, state, pass } = inbox();
    for (let number = 0; number < 50; number++) box.add({ tag: "pingReply", uid: `${number}` });
    box.proceed();
    expect([handled.length, state.isPaused]).toEqual([20, true]);
    pass(1_000);
    expect(handled.length).toBe(30);
    pass(2_100);
    expect(handled).toEqual(Array.from({ length: 50 }, (_, number) => `${number}`));
    expect(state.isPaused).toBe(false);
  });

  test("gives others their turn in a large burst", () => {
    const { handled, state, ask, pass } = inbox(1_000);
    ask(120);
    expect([handled.length, state.isPaused]).toEqual([50, true]);
    pass(0);
    expect([handled.length, state.isPaused]).toEqual([120, false]);
  });

  test("takes a wish for all definitions for the work of ten", () => {
    const { handled, ask, pass } = inbox(20);
    ask(10, { tag: "getProperties" });
    expect(handled.length).toBe(4);
    pass(500);
    expect(handled.length).toBe(5);
    const { handled: single, ask: askForOne } = inbox(20);
    askForOne(10, { tag: "getProperties", device: "Camera", name: "CCD1" });
    expect(single).toHaveLength(10);
  });

  test("has bytes without a word of meaning wait like requests", () => {
    const { box, state, pass } = inbox();
    for (let number = 0; number < 21; number++) box.proceed(8 * 1024);
    expect(state.isPaused).toBe(true);
    pass(1_000);
    expect(state.isPaused).toBe(false);
  });

  test("handles nothing more for a peer that does not take its answers", () => {
    const { handled, state, ask, pass } = inbox();
    state.isBehind = true;
    ask(3);
    pass(10_000);
    expect([handled.length, state.isPaused]).toEqual([0, true]);
    state.isBehind = false;
    pass(50);
    expect([handled.length, state.isPaused]).toEqual([3, false]);
  });

  test("handles nothing more when it is closed", () => {
    const { box, handled, ask, pass } = inbox();
    ask(50);
    box.close();
    pass(10_000);
    expect(handled).toHaveLength(20);
  });
});
