import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { BesideSender, socketDescriptor } from "../../src/posix/index.js";

/** Both ends of a TCP connection, and what sends through the first one. */
async function connection() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const far = connect(address.port, "127.0.0.1");
  const [near]: Socket[] = await once(server, "connection");
  if (near === undefined) throw new Error("no connection");
  near.on("error", () => {});
  server.close();
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  const descriptor = socketDescriptor(near);
  if (descriptor === undefined) throw new Error("no descriptor");
  return { near, far, sender: new BesideSender(descriptor) };
}

/** The sockets that this process has open. */
function sockets(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;
}

test("What another thread sends arrives", async () => {
  const { far, sender } = await connection();
  const text = Buffer.from("x".repeat(20_000));
  expect(await sender.send(text)).toBe(20_000);
  let heard = Buffer.alloc(0);
  while (heard.length < 20_000) heard = Buffer.concat([heard, (await once(far, "data"))[0]]);
  expect(heard.equals(text)).toBe(true);
});

test("A peer that reads nothing gets as much as the system has room for, and then nothing", async () => {
  const { far, sender } = await connection();
  far.pause();
  const bytes = Buffer.alloc(64 * 1024 * 1024);
  const sent = await sender.send(bytes);
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(bytes.length);
  let more = sent;
  while (more > 0) more = await sender.send(bytes);
  expect(more).toBe(0);
});

test("A connection that is closed while it is sent through takes nothing more, and is let go", async () => {
  const before = sockets();
  const { near, far, sender } = await connection();
  far.pause();
  const sending = sender.send(Buffer.alloc(64 * 1024 * 1024));
  near.destroy();
  await once(near, "close");
  sender.close();
  await sending;
  expect(await sender.send(Buffer.from("x"))).toBe(0);
  far.destroy();
  await once(far, "close");
  expect(sockets()).toBe(before);
});

test("A peer that has left takes nothing", async () => {
  const { far, sender } = await connection();
  far.resetAndDestroy();
  await once(far, "close");
  // The first bytes may still find the way open.
  await sender.send(Buffer.from("x"));
  expect(await sender.send(Buffer.from("x"))).toBe(0);
});
