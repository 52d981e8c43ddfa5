import { closeSync, openSync } from "node:fs";
import koffi from "koffi";
import { expect, onTestFinished, test } from "vitest";
import { PosixError } from "../../src/posix/errors.js";
import { isUnixSocket } from "../../src/posix/socket.js";

const libc = koffi.load(null);
const socketpair = libc.func("int socketpair(int domain, int type, int protocol, _Out_ int *fds)");
const socket = libc.func("int socket(int domain, int type, int protocol)");
const AF_UNIX = 1;
const AF_INET = 2;
const SOCK_STREAM = 1;

function closing(fd: number): number {
  onTestFinished(() => closeSync(fd));
  return fd;
}

test("Both ends of a pair of local sockets are unix sockets", () => {
  const ends = [0, 0];
  expect(socketpair(AF_UNIX, SOCK_STREAM, 0, ends)).toBe(0);
  expect(ends.map(closing).map(isUnixSocket)).toEqual([true, true]);
});

test("A TCP socket and a file are not", () => {
  expect(isUnixSocket(closing(socket(AF_INET, SOCK_STREAM, 0)))).toBe(false);
  expect(isUnixSocket(closing(openSync("/dev/null", "r")))).toBe(false);
});

test("A descriptor that is closed is an error", () => {
  expect(() => isUnixSocket(-1)).toThrow(PosixError);
});
