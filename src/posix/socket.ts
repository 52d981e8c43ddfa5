import { closeSync } from "node:fs";
import { PosixError } from "./errors.js";
import { libcCall } from "./libc.js";
import { MSG_NOSIGNAL, SOL_SOCKET } from "./socket-constants.js";

const SO_DOMAIN = 39;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const BACKLOG = 16;

/** Says whether a descriptor is a socket of the local machine, not a file, pipe or TCP socket. */
export function isUnixSocket(fd: number): boolean {
  const domain: [number] = [0];
  try {
    libcCall("getsockopt", fd, SOL_SOCKET, SO_DOMAIN, domain, [4]);
  } catch (error) {
    if (error instanceof PosixError && error.code === "ENOTSOCK") return false;
    throw error;
  }
  return domain[0] === AF_UNIX;
}

/**
 * Listens under a name in Linux's abstract namespace (unix(7)); gives the descriptor. Node would fill the name up
 * with zeros to its greatest length, and nobody would find it. EADDRINUSE where somebody has the name.
 */
export function listenAbstract(name: string): number {
  const fd = Number(libcCall("socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  try {
    const address = socketAddress(`@${name}`);
    libcCall("bind", fd, address, address.length);
    libcCall("listen", fd, BACKLOG);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Sends a datagram to a socket of the local machine, by its path or, after @, its abstract name. Never waits; throws a
 * PosixError where nobody can take it.
 */
export function sendDatagram(name: string, text: string): void {
  const address = socketAddress(name);
  const bytes = Buffer.from(text);
  const fd = Number(libcCall("socket", AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  try {
    libcCall("sendto", fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
  } finally {
    closeSync(fd);
  }
}

/** A struct sockaddr_un: the family as a short, then a path, or a name that begins with a zero byte. */
function socketAddress(name: string): Buffer {
  const family = new Uint8Array(Uint16Array.of(AF_UNIX).buffer);
  return Buffer.concat([family, Buffer.from(name.replace(/^@/, "\0"))]);
}
