import { closeSync } from "node:fs";
import { libcCall, sendBeside } from "./libc.js";
import { MSG_DONTWAIT, MSG_NOSIGNAL } from "./socket-constants.js";

const F_DUPFD_CLOEXEC = 1030;

/**
 * Sends through a socket on threads of the libuv pool. It has a descriptor of its own: the number of the socket's may
 * be another connection's by the time a thread comes to it.
 */
export class BesideSender {
  readonly #fd: number;
  #sending = 0;
  #isClosed = false;

  /** Throws a PosixError where no descriptor is left. */
  constructor(socket: number) {
    this.#fd = Number(libcCall("fcntl", socket, F_DUPFD_CLOEXEC, 0));
  }

  /**
   * Hands as many bytes to the system as it has room for, without waiting for more; settles with their number. Why it
   * took none is for the next write through the socket itself to find. Rejects, and has sent nothing, where too many
   * calls wait for threads.
   */
  async send(bytes: Uint8Array): Promise<number> {
    if (this.#isClosed) return 0;
    this.#sending++;
    try {
      return Math.max(0, await sendBeside(this.#fd, bytes, MSG_DONTWAIT | MSG_NOSIGNAL));
    } finally {
      this.#sending--;
      this.#closeIfUnused();
    }
  }

  /** To be called once the socket is closed: the connection lasts until then. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closeIfUnused();
  }

  #closeIfUnused(): void {
    if (this.#isClosed && this.#sending === 0) closeSync(this.#fd);
  }
}
