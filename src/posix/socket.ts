import { PosixError } from "./errors.js";
import { libcCall } from "./libc.js";

const SOL_SOCKET = 1;
const SO_DOMAIN = 39;
const AF_UNIX = 1;

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
