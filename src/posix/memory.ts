import { closeSync, constants, fstatSync, openSync } from "node:fs";
import koffi from "koffi";
import { PosixError } from "./errors.js";
import { adviseBeside, libcCall } from "./libc.js";

/** Pages are this large or a divisor of it, on all machines that matter here. */
const PAGE = 65_536n;

/** The unit in which the system counts the size of files, whatever their own blocks are. */
const STAT_BLOCK = 512;

const MFD_CLOEXEC = 1;
const PROT_READ_WRITE = 1 | 2;
const MAP_SHARED = 1;
const FALLOC_FL_KEEP_SIZE = 1;
const FALLOC_FL_PUNCH_HOLE = 2;
const MADV_POPULATE_WRITE = 23;
const F_SETLEASE = 1024;
const F_WRLCK = 1;

/**
 * Creates memory that processes can share (memfd_create(2)) and returns its descriptor.
 *
 * A child gets it through the `stdio` of its start and no other way. Close it with `closeSync`.
 */
export function createMemory(name: string, bytes: number): number {
  const fd = Number(libcCall("memfd_create", name, MFD_CLOEXEC));
  resizeMemory(fd, bytes);
  return fd;
}

/** Changes the size of shared memory; a mapping keeps its length. */
export function resizeMemory(fd: number, bytes: number): void {
  libcCall("ftruncate64", fd, bytes);
}

/**
 * Maps the first `bytes` of shared memory for reading and writing, without a copy.
 *
 * The mapping stays until unmapMemory, also when the array is collected.
 */
export function mapMemory(fd: number, bytes: number): Uint8Array {
  const address = libcCall("mmap64", null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  return new Uint8Array(koffi.view(address, bytes));
}

/**
 * Ends a mapping made by mapMemory.
 *
 * Nothing may touch `memory` or a view of it afterwards: that ends the process.
 */
export function unmapMemory(memory: Uint8Array): void {
  libcCall("munmap", koffi.address(memory), memory.byteLength);
}

/** Says whether shared memory has pages for as many bytes; which ones it does not say. */
export function hasPages(fd: number, bytes: number): boolean {
  return fstatSync(fd).blocks * STAT_BLOCK >= bytes;
}

/**
 * Has the system find pages for mapped memory, which takes a third of a second for a gigabyte, before they are
 * written. Beside the loop; says whether the system can (Linux 5.14).
 */
export async function populateMemory(memory: Uint8Array): Promise<boolean> {
  // Whole pages only: the first one is begun elsewhere.
  const address = koffi.address(memory);
  const start = (address + PAGE - 1n) & -PAGE;
  const bytes = memory.length - Number(start - address);
  return bytes <= 0 || (await adviseBeside(start, bytes, MADV_POPULATE_WRITE)) === 0;
}

/** Opens shared memory once more, for reading only: a descriptor to hand to others, to be closed here. */
export function openReadOnly(fd: number): number {
  return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY);
}

/**
 * Says whether somebody has shared memory still open or mapped through a descriptor of openReadOnly.
 *
 * The kernel tells: it grants a write lease (fcntl(2)) on a file that nobody else has opened.
 */
export function isHeldByReaders(fd: number): boolean {
  // What memfd_create gives is not counted as opened for writing, and so never granted a lease.
  const counted = openSync(`/proc/self/fd/${fd}`, constants.O_RDWR);
  try {
    libcCall("fcntl", counted, F_SETLEASE, F_WRLCK);
    return false;
  } catch (error) {
    if (error instanceof PosixError) return true;
    throw error;
  } finally {
    // Closing ends the lease.
    closeSync(counted);
  }
}

/** Where an array lies: another thread of this process reads and writes the same bytes through memoryAt. */
export function addressOf(memory: Uint8Array): bigint {
  return koffi.address(memory);
}

/**
 * The bytes at an address of this process, without a copy.
 *
 * Whoever told the address keeps the memory there for as long as the array is used.
 */
export function memoryAt(address: bigint, bytes: number): Uint8Array {
  return new Uint8Array(koffi.view(address, bytes));
}

/** Gives the pages of a range back to the system; the range reads as zeros and can be used again. */
export function releaseMemory(fd: number, offset: number, length: number): void {
  libcCall("fallocate64", fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}
