import { LONG_BYTES, libcCall } from "./libc.js";

/** More than any architecture's struct timex takes. */
const TIMEX_BYTES = 512;
/** Where in it the fields lie, counted in longs. */
const MAX_ERROR = 3;
const STATUS = 5;

const STA_UNSYNC = 0x40;

/** How well the machine's clock follows another one. */
export interface ClockSync {
  readonly isSynchronised: boolean;
  /** The most it may be wrong by as the kernel reckons, in seconds. */
  readonly maxError: number;
}

/** What the kernel knows of the clock (adjtimex(2)); changes nothing. */
export function clockSync(): ClockSync {
  const time = Buffer.alloc(TIMEX_BYTES);
  libcCall("adjtimex", time);
  const maxError = Number(
    LONG_BYTES === 8
      ? time.readBigInt64LE(MAX_ERROR * LONG_BYTES)
      : time.readInt32LE(MAX_ERROR * LONG_BYTES),
  );
  const status = time.readInt32LE(STATUS * LONG_BYTES);
  return { isSynchronised: (status & STA_UNSYNC) === 0, maxError: maxError / 1e6 };
}
