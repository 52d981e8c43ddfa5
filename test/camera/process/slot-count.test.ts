import { expect, test } from "vitest";
import { slotCount } from "../../../src/camera/process/slot-count.js";

test.each([
  [1_000, 4],
  [16_000_000, 4],
  [16_000_001, 3],
  [21_333_333, 3],
  [21_333_334, 2],
  [123_000_000, 2],
])("Of frames of %d bytes %d may be in use at a time", (bytes, count) => {
  expect(slotCount(bytes)).toBe(count);
});
