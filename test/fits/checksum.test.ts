import { expect, test } from "vitest";
import { checksumText, onesComplementSum } from "../../src/fits/checksum.js";

test("carries come back at the other end of the sum", () => {
  expect(onesComplementSum(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2]))).toBe(2);
  expect(onesComplementSum(Uint8Array.from([0, 0, 0xff, 0xff, 0, 0, 0, 1]))).toBe(0x10000);
});

test("the standard's own example is encoded as the standard encodes it", () => {
  expect(checksumText(868229149)).toBe("hcHjjc9ghcEghc9g");
});
