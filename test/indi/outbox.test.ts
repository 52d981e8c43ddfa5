import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { Outbox } from "../../src/indi/outbox.js";
import { settle } from "../support/settle.js";

/** An outbox over a peer that takes what is written only when the test says so. */
function outbox(limit = 100) {
  const written: string[] = [];
  const pending: (() => void)[] = [];
  const reasons: string[] = [];
  const patience = new Set<() => void>();
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      pending.push(done);
    },
  });
  const box = new Outbox(stream, {
    limit,
    patience: 30_000,
    timer: (_, expire) => {
      patience.add(expire);
      return () => void patience.delete(expire);
    },
    onTooSlow: (reason) => void reasons.push(reason),
  });
  const take = async () => {
    pending.shift()?.();
    await settle();
  };
  return { box, written, reasons, patience, take };
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
    expect(box.size).toBe(2);
    const flushed = box.flush();
    await take();
    await flushed;
    expect(box.size).toBe(0);
  });

  test("sends parcels in their place", async () => {
    const { box, written, take } = outbox();
    box.push(bytes("a"));
    const parcel = box.pushParcel({
      size: 2,
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

  test("says when more than its limit waits, but takes one large parcel", async () => {
    const { box, reasons } = outbox(100);
    void box.pushParcel({ size: 1000, send: async (write) => void (await write(bytes("x"))) });
    expect(reasons).toEqual([]);
    box.push(bytes("a"));
    expect(reasons).toEqual(["1001 bytes wait to be sent"]);
  });

  test("says when its peer has taken nothing for too long", async () => {
    const { box, reasons, patience, take } = outbox();
    box.push(bytes("a"));
    await settle();
    expect(patience.size).toBe(1);
    for (const expire of patience) expire();
    expect(reasons).toEqual(["it took nothing for 30 s"]);
    await take();
    expect(patience.size).toBe(0);
  });

  test("settles all that waits when it is closed, and takes nothing more", async () => {
    const { box, written, patience } = outbox();
    box.push(bytes("a"));
    const first = box.pushParcel({
      size: 1,
      send: async (write) => void (await write(bytes("1"))),
    });
    await settle();
    box.close();
    await first;
    await box.pushParcel({ size: 1, send: async () => {} });
    box.push(bytes("b"));
    await box.flush();
    expect(written).toEqual(["a"]);
    expect(patience.size).toBe(0);
  });
});
