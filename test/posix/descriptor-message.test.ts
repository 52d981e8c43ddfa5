import { spawnSync } from "node:child_process";
import { closeSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import koffi from "koffi";
import { expect, onTestFinished, test } from "vitest";
import { sendDescriptor, socketDescriptor } from "../../src/posix/descriptor-message.js";
import { createMemory, openReadOnly } from "../../src/posix/memory.js";

const libc = koffi.load(null);
const socketpair = libc.func("int socketpair(int domain, int type, int protocol, _Out_ int *fds)");

/** Two sockets of this machine that are connected. */
function pair(): [number, number] {
  const ends: [number, number] = [0, 0];
  expect(socketpair(1, 1, 0, ends)).toBe(0);
  onTestFinished(() => ends.forEach((end) => void closeSync(end)));
  return ends;
}

/** Memory with a word in it, open for reading. */
function word(text: string): number {
  const fd = createMemory("test word", 4096);
  writeFileSync(`/proc/self/fd/${fd}`, text);
  const reader = openReadOnly(fd);
  closeSync(fd);
  onTestFinished(() => closeSync(reader));
  return reader;
}

const RECEIVE = `
import os, socket
peer = socket.socket(fileno=3)
data, descriptors, _, _ = socket.recv_fds(peer, 100, 4)
print(data.decode(), [os.read(descriptor, 4).decode() for descriptor in descriptors])
`;

test("a descriptor arrives with the bytes it was sent with", () => {
  const [here, there] = pair();
  expect(sendDescriptor(here, Buffer.from("hello"), word("gift"))).toBe(true);
  const { stdout } = spawnSync("python3", ["-c", RECEIVE], {
    stdio: ["ignore", "pipe", "inherit", there],
    encoding: "utf8",
  });
  expect(stdout).toBe("hello ['gift']\n");
});

test("nothing is sent where there is no room", () => {
  const [here] = pair();
  const descriptor = word("gift");
  let sent = 0;
  while (sendDescriptor(here, Buffer.alloc(1000), descriptor)) expect(++sent).toBeLessThan(10_000);
  expect(sent).toBeGreaterThan(0);
});

test("a peer that is gone is an error", () => {
  const [here, there] = pair();
  libc.func("int shutdown(int fd, int how)")(there, 2);
  expect(() => sendDescriptor(here, Buffer.from("hello"), word("gift"))).toThrow(/EPIPE/);
});

test("only streams over a descriptor have one", () => {
  const ends = [0, 0];
  socketpair(1, 1, 0, ends);
  const sockets = ends.map((fd) => new Socket({ fd }));
  expect(sockets.map(socketDescriptor)).toEqual(ends);
  for (const socket of sockets) socket.destroy();
  expect(socketDescriptor({})).toBeUndefined();
});
