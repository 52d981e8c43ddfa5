import { expect, test } from "vitest";
import { clockSync } from "../../src/posix/index.js";
import { python } from "../support/python.js";

/** The same by Python's own idea of a struct timex. */
const PROGRAM = `
import ctypes, json
time = (ctypes.c_long * 64)()
ctypes.CDLL(None).adjtimex(time)
status = ctypes.cast(ctypes.addressof(time) + 5 * ctypes.sizeof(ctypes.c_long), ctypes.POINTER(ctypes.c_int))[0]
print(json.dumps({"isSynchronised": not status & 0x40, "maxError": time[3] / 1e6}))
`;

test("The kernel tells how well the clock is synchronised", () => {
  const { isSynchronised, maxError } = clockSync();
  const kernel = python(PROGRAM);
  expect(kernel).toMatchObject({ isSynchronised });
  // It grows by half a millisecond a second until the clock is set again, and ends at 16 s.
  expect(kernel).toMatchObject({ maxError: expect.closeTo(maxError, 1) });
});
