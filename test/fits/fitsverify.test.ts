import { expect, test } from "vitest";
import { dataBytes, type FitsImage } from "../../src/fits/image.js";
import { CLEAN, fitsverify } from "../support/programs.js";
import { fitsFile } from "./file.js";

const images: readonly FitsImage[] = [
  { width: 5, height: 3, planes: 1, bits: 8 },
  { width: 333, height: 201, planes: 1, bits: 16 },
  { width: 16, height: 4, planes: 3, bits: 8 },
  { width: 16, height: 4, planes: 3, bits: 16 },
];

test.each(images.flatMap((image) => [undefined, 14400].map((room) => ({ ...image, room }))))(
  "fitsverify has nothing to say of $planes plane(s) of $bits bits, header room $room",
  ({ room, ...image }) => {
    const data = new Uint8Array(dataBytes(image)).fill(0x55);
    expect(fitsverify(fitsFile(image, data, room))).toContain(CLEAN);
  },
);

test("fitsverify finds fault with a file whose padding is not zero", () => {
  const file = fitsFile({ width: 5, height: 3, planes: 1, bits: 8 }, new Uint8Array(15));
  file[file.length - 1] = 1;
  expect(fitsverify(file)).not.toContain(CLEAN);
});
