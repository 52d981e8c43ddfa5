import koffi from "koffi";
import { PosixError } from "./errors.js";
import { libcCall } from "./libc.js";
import { MSG_DONTWAIT, MSG_NOSIGNAL, SOL_SOCKET } from "./socket-constants.js";

const SCM_RIGHTS = 1;

const EMSGSIZE = 90;

const WORD = koffi.sizeof("size_t");
const INT = 4;

/**
 * Sends bytes through a unix socket together with a descriptor (SCM_RIGHTS, unix(7)), which the receiver gets a
 * duplicate of. False when there is no room at the moment: then nothing was sent.
 */
export function sendDescriptor(socket: number, bytes: Uint8Array, descriptor: number): boolean {
  const control = controlMessage(descriptor);
  const vector = words(koffi.address(bytes), bytes.length);
  // struct msghdr: name and its length, vectors and their number, control and its length, flags.
  const header = words(0, 0, koffi.address(vector), 1, koffi.address(control), control.length, 0);
  try {
    const sent = Number(libcCall("sendmsg", socket, header, MSG_DONTWAIT | MSG_NOSIGNAL));
    // The kernel cuts only what is longer than a socket's buffer, which these few bytes are not.
    if (sent !== bytes.length) throw new PosixError("sendmsg", EMSGSIZE);
    return true;
  } catch (error) {
    if (error instanceof PosixError && error.code === "EAGAIN") return false;
    throw error;
  }
}

/** The descriptor of a stream over a socket, where it has one. */
export function socketDescriptor(stream: object): number | undefined {
  // Node shows it nowhere else.
  const handle = "_handle" in stream ? stream._handle : undefined;
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  return typeof handle.fd === "number" && handle.fd >= 0 ? handle.fd : undefined;
}

/** A struct cmsghdr with its content, padded to whole words. */
function controlMessage(descriptor: number): Uint8Array {
  const length = WORD + 3 * INT;
  const message = new Uint8Array(Math.ceil(length / WORD) * WORD);
  message.set(words(length));
  message.set(new Uint8Array(Int32Array.of(SOL_SOCKET, SCM_RIGHTS, descriptor).buffer), WORD);
  return message;
}

/** Numbers as the C type size_t, one after the other. */
function words(...values: readonly (number | bigint)[]): Uint8Array {
  const bytes = Buffer.alloc(WORD * values.length);
  for (const [index, value] of values.entries()) {
    if (WORD === 8) bytes.writeBigUInt64LE(BigInt(value), index * WORD);
    else bytes.writeUInt32LE(Number(value), index * WORD);
  }
  return bytes;
}
