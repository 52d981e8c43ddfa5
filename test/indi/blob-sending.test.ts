import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { BlobText } from "../../src/indi/blob-text.js";
import type { BlobVector } from "../../src/indi/blob-vector.js";
import { defineBlobs } from "../../src/indi/definition.js";
import { Device } from "../../src/indi/device.js";
import { Driver } from "../../src/indi/driver.js";
import { PiecePool } from "../../src/indi/piece-pool.js";
import type { Timer } from "../../src/indi/timer.js";
import { conversation, serving } from "../support/serving.js";
import { settle } from "../support/settle.js";

const MIB = 1024 * 1024;

function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let value = 12345;
  for (let at = 0; at < size; at++) {
    value = (Math.imul(value, 1103515245) + 12345) >>> 0;
    bytes[at] = value >>> 24;
  }
  return bytes;
}

/** A device with one image, and time that passes when the test says so. */
function imaging() {
  let time = 0;
  const expiries = new Set<() => void>();
  const timer: Timer = (_, callback) => {
    expiries.add(callback);
    return () => void expiries.delete(callback);
  };
  const driver = new Driver();
  const device = new Device("Camera");
  const image: BlobVector<"CCD1"> = device.add(
    defineBlobs("CCD1", { label: "I", group: "G", perm: "ro", elements: { CCD1: { label: "I" } } }),
  );
  driver.add(device);
  const letTimePass = (milliseconds: number) => {
    time += milliseconds;
    for (const expire of [...expiries]) expire();
  };
  return { driver, device, image, timer, now: () => time, letTimePass };
}

const ENABLE = `<getProperties version="1.7"/><enableBLOB device="Camera">Also</enableBLOB>`;

describe("the text of a BLOB", () => {
  const encoded = (bytes: Uint8Array) => `<o>${Buffer.from(bytes).toString("base64")}</o>`;

  test.each([0, 1, 2, 3, 49151, 49152, 49153, 1572863, 1572864, 1572865, 3145728, 5000001])(
    "of %d bytes is one unbroken line of base64",
    async (size) => {
      const bytes = noise(size);
      const text = new BlobText("<o>", { bytes }, "</o>", new PiecePool());
      const heard: string[] = [];
      await text.send(async (piece) => {
        heard.push(Buffer.from(piece).toString("latin1"));
        return true;
      });
      expect(heard.join("") === encoded(bytes)).toBe(true);
      expect(heard).toHaveLength(Math.max(1, Math.ceil(size / 1572864)));
    },
  );

  test("may lie over shared memory", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(1000), 100, 300).fill(7);
    const text = new BlobText("<o>", { bytes: shared }, "</o>", new PiecePool());
    const heard: string[] = [];
    await text.send(async (piece) => {
      heard.push(Buffer.from(piece).toString("latin1"));
      return true;
    });
    expect(heard).toEqual([encoded(new Uint8Array(300).fill(7))]);
  });

  test.each([
    { mebibytes: 8, pieces: 6, most: 6 },
    { mebibytes: 32, pieces: 22, most: 30 },
  ])(
    "of $mebibytes MiB is encoded $pieces times, and up to $most times for one that begins when others are done",
    async ({ mebibytes, pieces, most }) => {
      const bytes = noise(mebibytes * MIB);
      const pool = new PiecePool();
      let taken = 0;
      const take = pool.take.bind(pool);
      pool.take = (size) => {
        taken++;
        return take(size);
      };
      const text = new BlobText("<o>", { bytes }, "</o>", pool);
      const heard: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const fast = [0, 1].map((client) =>
        text.send(async (piece) => {
          heard[client]?.push(Buffer.from(piece));
          return true;
        }),
      );
      const slow = text.send(async (piece) => {
        await gate;
        heard[2]?.push(Buffer.from(piece));
        return true;
      });
      await Promise.all(fast);
      expect(taken).toBe(pieces);
      release();
      await slow;
      for (const texts of heard) {
        expect(Buffer.concat(texts).toString("latin1") === encoded(bytes)).toBe(true);
      }
      expect(taken).toBeLessThanOrEqual(most);
    },
  );

  test("is no longer sent to a client that has left", async () => {
    const text = new BlobText("<o>", { bytes: noise(8 * MIB) }, "</o>", new PiecePool());
    let pieces = 0;
    await text.send(async () => ++pieces < 3);
    expect(pieces).toBeLessThan(6);
  });
});

describe("sending a BLOB", () => {
  test("reaches those who enabled it, exactly, and nobody else", async () => {
    const { driver, image } = imaging();
    const { port } = await serving(driver);
    const [one, other, stranger] = await Promise.all([1, 2, 3].map(() => conversation(port)));
    if (!one || !other || !stranger) throw new Error("no peers");
    for (const peer of [one, other]) await peer.send(ENABLE).hearAll();
    await stranger.send(`<getProperties version="1.7"/>`).hearAll();
    const bytes = noise(3 * MIB + 1);
    await image.send("CCD1", { format: ".fits", bytes });
    for (const peer of [one, other]) {
      const vector = await peer.expect("setBLOBVector", {
        device: "Camera",
        name: "CCD1",
        state: "Ok",
      });
      expect(vector.children[0]?.attributes).toEqual({
        name: "CCD1",
        size: String(bytes.length),
        format: ".fits",
      });
      expect(Buffer.from(bytes).equals(vector.children[0]?.data ?? Buffer.of())).toBe(true);
    }
    expect(await stranger.hearAll()).toEqual([]);
  });

  test("keeps its place among the other messages to a client", async () => {
    const { driver, device, image } = imaging();
    const { port } = await serving(driver);
    const peer = await conversation(port);
    await peer.send(ENABLE).hearAll();
    device.message("before");
    const sent = image.send("CCD1", { format: ".fits", bytes: noise(5 * MIB) });
    device.message("after");
    await sent;
    const heard = await peer.hearAll();
    expect(heard.map(({ tag }) => tag)).toEqual(["message", "setBLOBVector", "message"]);
  });

  test("does not wait for a client that stands still, except before it settles", async () => {
    const { driver, image, timer, now, letTimePass } = imaging();
    const { port } = await serving(driver, { client: { timer, now } });
    const [fast, still] = await Promise.all([conversation(port), conversation(port)]);
    for (const peer of [fast, still]) await peer.send(ENABLE).hearAll();
    still.pause();
    const bytes = noise(24 * MIB);
    let isSettled = false;
    const sent = image.send("CCD1", { format: ".fits", bytes }).then(() => {
      isSettled = true;
    });
    const vector = await fast.expect("setBLOBVector");
    expect(Buffer.from(bytes).equals(vector.children[0]?.data ?? Buffer.of())).toBe(true);
    await settle();
    expect(isSettled).toBe(false);
    letTimePass(30_000);
    await sent;
    expect(driver.clients).toHaveLength(1);
    await fast.expect("message", {
      message:
        "[WARNING] A slow client was closed: it took nothing for 30 s. The log of the server names it.",
    });
  });

  test("settles when the only client leaves in the middle", async () => {
    const { driver, image } = imaging();
    const { port } = await serving(driver);
    const peer = await conversation(port);
    await peer.send(ENABLE).hearAll();
    peer.pause();
    const sent = image.send("CCD1", { format: ".fits", bytes: noise(24 * MIB) });
    await settle();
    peer.close();
    await sent;
    expect(driver.clients).toHaveLength(0);
  });

  test("that is recalled closes the clients that hold up faster ones, and no others", async () => {
    const { driver, device, image } = imaging();
    const { port } = await serving(driver);
    const [good, still] = await Promise.all([conversation(port), conversation(port)]);
    for (const peer of [good, still]) await peer.send(ENABLE).hearAll();
    still.pause();
    const recall = new AbortController();
    const content = { format: ".fits", bytes: noise(24 * MIB), recall: recall.signal };
    const sent = image.send("CCD1", content);
    await good.expect("setBLOBVector");
    expect(driver.clients).toHaveLength(2);
    recall.abort();
    await sent;
    expect(driver.clients).toHaveLength(1);
    await good.expect("message", {
      message:
        "[WARNING] A slow client was closed: it holds up faster clients. The log of the server names it.",
    });
    device.message("still here");
    await good.expect("message", { message: "[INFO] still here" });
  });

  test("that is recalled stays with a slow client that is alone", async () => {
    const { driver, image } = imaging();
    const { port } = await serving(driver);
    const slow = await conversation(port);
    await slow.send(ENABLE).hearAll();
    slow.pause();
    const content = { format: ".fits", bytes: noise(24 * MIB), recall: AbortSignal.abort() };
    const sent = image.send("CCD1", content);
    await settle();
    expect(driver.clients).toHaveLength(1);
    slow.resume();
    await slow.expect("setBLOBVector");
    await sent;
  });

  test("to nobody settles at once", async () => {
    const { image } = imaging();
    await image.send("CCD1", { format: ".fits", bytes: noise(10) });
    expect(image.state).toBe("Ok");
  });

  test("lets the loop turn after each piece, even for a peer that takes everything at once", async () => {
    const { driver, image } = imaging();
    const writable = new PassThrough();
    writable.resume();
    const readable = new PassThrough();
    driver.attach({ readable, writable }, { peer: "server" });
    let turns = 0;
    let isOver = false;
    const watch = () => {
      turns++;
      if (!isOver) setImmediate(watch);
    };
    watch();
    await image.send("CCD1", { format: ".fits", bytes: new Uint8Array(122 * MIB) });
    isOver = true;
    // A piece is 1.5 MiB of the picture.
    expect(turns).toBeGreaterThan(80);
  });
});
