import koffi from "koffi";
import { PosixError } from "./errors.js";

const libc = koffi.load(null);

// The names with 64 take offsets of eight bytes on every architecture, 32-bit ARM included.
const functions = {
  memfd_create: libc.func("int memfd_create(const char *name, unsigned int flags)"),
  ftruncate64: libc.func("int ftruncate64(int fd, int64_t length)"),
  fallocate64: libc.func("int fallocate64(int fd, int mode, int64_t offset, int64_t length)"),
  mmap64: libc.func(
    "void *mmap64(void *address, size_t length, int prot, int flags, int fd, int64_t offset)",
  ),
  madvise: libc.func("int madvise(void *address, size_t length, int advice)"),
  munmap: libc.func("int munmap(void *address, size_t length)"),
  _exit: libc.func("void _exit(int code)"),
  usleep: libc.func("int usleep(uint32_t microseconds)"),
  clock_gettime: libc.func("int clock_gettime(int clock, _Out_ long *time)"),
  // Its third argument is a pointer or nothing in all we ask of it.
  ioctl: libc.func("int ioctl(int fd, unsigned long request, void *argument)"),
  sched_setscheduler: libc.func(
    "int sched_setscheduler(int thread, int policy, const int *priority)",
  ),
  // It takes and fills a struct timex, which differs between architectures.
  adjtimex: libc.func("int adjtimex(_Inout_ uint8_t *time)"),
  mallopt: libc.func("int mallopt(int parameter, int value)"),
  // Its third argument is optional in C, and passed in the same way on all architectures that Linux has.
  fcntl: libc.func("int fcntl(int fd, int command, int argument)"),
  sendmsg: libc.func("intptr_t sendmsg(int fd, const void *message, int flags)"),
  socket: libc.func("int socket(int domain, int type, int protocol)"),
  send: libc.func("intptr_t send(int fd, const void *bytes, size_t length, int flags)"),
  sendto: libc.func(
    "intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)",
  ),
  bind: libc.func("int bind(int fd, const void *address, uint32_t length)"),
  listen: libc.func("int listen(int fd, int backlog)"),
  getsockopt: libc.func(
    "int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)",
  ),
};

/** Sleeps on a thread of the libuv pool. */
export function sleepBeside(microseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    functions.usleep.async(microseconds, (error: unknown) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Calls madvise on a thread of the libuv pool; settles with its result, whatever that is. */
export function adviseBeside(address: bigint, bytes: number, advice: number): Promise<number> {
  return new Promise((resolve, reject) => {
    functions.madvise.async(address, bytes, advice, (error: unknown, result: number) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** Calls send on a thread of the libuv pool; settles with its result, whatever that is. */
export function sendBeside(fd: number, bytes: Uint8Array, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    functions.send.async(fd, bytes, bytes.length, flags, (error: unknown, result: number) => {
      if (error) reject(error);
      else resolve(Number(result));
    });
  });
}

/** Calls ioctl without an argument on a thread of the libuv pool; rejects with a PosixError. */
export function ioctlBeside(fd: number, request: number): Promise<void> {
  return new Promise((resolve, reject) => {
    functions.ioctl.async(fd, request, null, (error: unknown, result: number) => {
      if (error) reject(error);
      else if (result === -1) reject(new PosixError("ioctl", koffi.errno()));
      else resolve();
    });
  });
}

const POINTER_BITS = 8 * koffi.sizeof("void *");

/** The bytes of a long, which differ between architectures. */
export const LONG_BYTES = koffi.sizeof("long");

/** Calls a function of the C library; throws a PosixError when it returns -1, as they all do. */
export function libcCall(
  name: keyof typeof functions,
  ...args: readonly (string | number | bigint | object | null)[]
): number | bigint {
  const result: number | bigint = functions[name](...args);
  // Pointers come as unsigned numbers, and mmap's failure is the pointer -1.
  if (BigInt.asIntN(POINTER_BITS, BigInt(result)) === -1n) {
    throw new PosixError(name, koffi.errno());
  }
  return result;
}
