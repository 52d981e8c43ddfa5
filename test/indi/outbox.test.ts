import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { Outbox, type SendBeside } from "../../src/indi/outbox.js";
import { settle } from "../support/settle.js";

/** An outbox over a peer that takes what is written only when the test says so. */
function outbox(limit = 100, now = () => 0, sendBeside?: SendBeside) {
  const written: string[] = [];
  const pending: (() => void)[] = [];
  const reasons: string[] = [];
  const timers = new Map<() => void, number>();
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      pending.push(done);
    },
  });
  const box = new Outbox(stream, {
    limit,
    patience: 30_000,
    now,
    sendBeside,
    timer: (milliseconds, callback) => {
      timers.set(callback, milliseconds);
      return () => void timers.delete(callback);
    },
    onTooSlow: (reason) => void reasons.push(reason),
  });
  const take = async () => {
    pending.shift()?.();
    await settle();
  };
  /** Lets all timers run out; for how long they were set. */
  const expire = () => {
    const [callbacks, times] = [[...timers.keys()], [...timers.values()]];
    timers.clear();
    for (const callback of callbacks) callback();
    return times;
  };
  return { box, written, reasons, expire, take };
}

const bytes = (text: string) => Buffer.from(text);

describe("an outbox", () => {
  test("writes what came together in one piece, and the next when that was taken", async () => {
    const { box, written, take } = outbox();
    box.push(bytes("a"));
    box.push(bytes("b"));
    await settle();
    box.push(bytes("c"));
    box.push(bytes("d"));
    expect(written).toEqual(["ab"]);
    await take();
    expect(written).toEqual(["ab", "cd"]);
    const flushed = box.flush();
    await take();
    await flushed;
  });

  test("sends parcels in their place", async () => {
    const { box, written, take } = outbox();
    box.push(bytes("a"));
    const parcel = box.pushParcel({
      send: async (write) => {
        await write(bytes("1"));
        await write(bytes("2"));
      },
    });
    box.push(bytes("b"));
    for (let n = 0; n < 4; n++) {
      await settle();
      await take();
    }
    await parcel;
    expect(written).toEqual(["a", "1", "2", "b"]);
  });

  test("writes what another thread had no room for, in its place", async () => {
    const besides: string[] = [];
    const { box, written, take } = outbox(100, undefined, async (text) => {
      besides.push(String(text));
      return Math.min(3, text.length);
    });
    const sent: boolean[] = [];
    box.push(bytes("a"));
    void box.pushParcel({
      send: async (write) => {
        sent.push(await write(bytes("12345"), { beside: true }));
        sent.push(await write(bytes("678"), { beside: true }));
        sent.push(await write(bytes("9")));
      },
    });
    box.push(bytes("b"));
    await settle();
    for (let n = 0; n < 4; n++) await take();
    expect(besides).toEqual(["12345", "678"]);
    expect(written).toEqual(["a", "45", "9", "b"]);
    expect(sent).toEqual([true, true, true]);
  });

  test("that is closed while another thread sends writes no more, and tells the parcel once that thread is done", async () => {
    let finish = (_: number) => {};
    const { box, written } = outbox(100, undefined, () => new Promise((done) => (finish = done)));
    const sent: boolean[] = [];
    const parcel = box.pushParcel({
      send: async (write) => void sent.push(await write(bytes("12345"), { beside: true })),
    });
    await settle();
    box.close();
    await settle();
    // Until then its bytes must not change.
    expect(sent).toEqual([]);
    finish(2);
    await parcel;
    expect(sent).toEqual([false]);
    expect(written).toEqual([]);
  });

  test("replaces parcels of a lane that have waited for a tenth of a second, and none that has been begun waits", async () => {
    let time = 0;
    const { box, written, take } = outbox(100, () => time);
    const settled: string[] = [];
    const push = (text: string, name?: string) =>
      void box
        .pushParcel(
          { send: async (write) => void (await write(bytes(text))) },
          name === undefined ? undefined : { name, most: 8 },
        )
        .then(() => settled.push(text));
    push("1", "live");
    await settle();
    push("2", "live");
    push("x", "other");
    push("y");
    time = 100;
    push("3", "live");
    time = 199;
    push("4", "live");
    await settle();
    expect(settled).toEqual(["2"]);
    for (let n = 0; n < 5; n++) await take();
    expect(written).toEqual(["1", "x", "y", "3", "4"]);
    expect(settled).toEqual(["2", "1", "x", "y", "3", "4"]);
  });

  test("replaces the oldest of a lane where more would wait than may", async () => {
    const { box, written, take } = outbox();
    const push = (text: string) =>
      void box.pushParcel({ send: async (write) => void (await write(bytes(text))) }, lane);
    const lane = { name: "live", most: 3 };
    push("0");
    await settle();
    for (let n = 1; n <= 5; n++) push(`${n}`);
    for (let n = 0; n < 4; n++) await take();
    expect(written).toEqual(["0", "3", "4", "5"]);
  });

  test("says when more than its limit waits; parcels hold no memory and do not count", async () => {
    const { box, reasons } = outbox(100);
    void box.pushParcel({ send: async (write) => void (await write(bytes("x".repeat(1000)))) });
    box.push(bytes("a".repeat(100)));
    expect(reasons).toEqual([]);
    box.push(bytes("b"));
    expect(reasons).toEqual(["101 bytes wait to be sent"]);
  });

  test("says when its peer has taken nothing for too long", async () => {
    let time = 0;
    const { box, reasons, expire, take } = outbox(100, () => time);
    box.push(bytes("a"));
    await settle();
    time = 20_000;
    await take();
    box.push(bytes("b"));
    await settle();
    time = 30_000;
    expect(expire()).toEqual([30_000]);
    time = 49_999;
    expect(expire()).toEqual([20_000]);
    expect(reasons).toEqual([]);
    time = 50_000;
    expect(expire()).toEqual([1]);
    expect(reasons).toEqual(["it took nothing for 30 s"]);
  });

  test("looks no more after a peer that has taken all", async () => {
    const { box, reasons, expire, take } = outbox();
    box.push(bytes("a"));
    await settle();
    await take();
    expire();
    expect(expire()).toEqual([]);
    expect(reasons).toEqual([]);
  });

  test("settles all that waits when it is closed, and takes nothing more", async () => {
    const { box, written, expire } = outbox();
    box.push(bytes("a"));
    const first = box.pushParcel({
      send: async (write) => void (await write(bytes("1"))),
    });
    await settle();
    box.close();
    await first;
    await box.pushParcel({ send: async () => {} });
    box.push(bytes("b"));
    await box.flush();
    expect(written).toEqual(["a"]);
    expect(expire()).toEqual([]);
  });
});
