import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { resetUsb } from "../../src/posix/usb.js";

test("what is no USB device cannot be reset", async () => {
  const fd = openSync("/dev/null", "w");
  try {
    await expect(resetUsb(fd)).rejects.toThrow("ioctl failed (ENOTTY)");
  } finally {
    closeSync(fd);
  }
});
