import { expect, test } from "vitest";
import { compressFits } from "../../src/fits/compress.js";
import { dataBytes, type FitsImage } from "../../src/fits/image.js";
import { readFits } from "../../src/fits/reader.js";
import { CLEAN, fileOf, fitsverify, funpack } from "../support/programs.js";
import { python } from "../support/python.js";
import { fitsFile } from "./file.js";

const images: readonly FitsImage[] = [
  { width: 1, height: 1, planes: 1, bits: 8 },
  { width: 33, height: 3, planes: 1, bits: 8 },
  { width: 333, height: 201, planes: 1, bits: 16 },
  { width: 40, height: 7, planes: 3, bits: 8 },
  { width: 40, height: 7, planes: 3, bits: 16 },
];

/** Values that ask something of the code, as bytes by their place in the file. */
const contents: Readonly<Record<string, (at: number) => number>> = {
  "one value": () => 77,
  "a slope": (at) => at >> 3,
  noise: (at) => (Math.imul(at + 1, 2654435761) >>> 24) & 7,
  "values without order": (at) => Math.imul(at + 1, 2654435761) >>> 21,
  "leaps from one end to the other": (at) => (at % 64 === 0 ? 255 : 0),
};

const cases = images.flatMap((image) => Object.keys(contents).map((name) => ({ image, name })));

function example(image: FitsImage, name: string): Uint8Array {
  const data = new Uint8Array(dataBytes(image)).map((_, at) => contents[name]?.(at) ?? 0);
  return fitsFile(image, data, 14400);
}

test.each(cases)("cfitsio restores $name in $image", ({ image, name }) => {
  const file = example(image, name);
  const restored = readFits(funpack(compressFits(file)));
  expect(restored).toMatchObject({ ...image, comments: readFits(file).comments });
  expect([...restored.pixels]).toEqual([...readFits(file).pixels]);
});

test.each(cases)("fitsverify has nothing to say of $name in $image", ({ image, name }) => {
  expect(fitsverify(compressFits(example(image, name)))).toContain(CLEAN);
});

test("fitsverify finds a bit that was changed later", () => {
  const compressed = compressFits(
    example({ width: 333, height: 201, planes: 1, bits: 16 }, "noise"),
  );
  const last = compressed.length - 2880;
  compressed[last] = (compressed[last] ?? 0) ^ 1;
  expect(fitsverify(compressed)).not.toContain(CLEAN);
});

test("astropy reads the image with its keywords and its unsigned values", () => {
  const image = { width: 40, height: 7, planes: 1, bits: 16 } as const;
  const file = example(image, "values without order");
  const program = `
import json, sys
from astropy.io import fits
hdu = fits.open(sys.argv[1])[1]
print(json.dumps({"dtype": str(hdu.data.dtype), "shape": hdu.data.shape, "values": hdu.data.ravel().tolist(),
                  "instrument": hdu.header["INSTRUME"], "exposure": hdu.header["EXPTIME"]}))`;
  expect(python(program, fileOf(compressFits(file), "image.fits.fz"))).toEqual({
    dtype: "uint16",
    shape: [7, 40],
    values: [...readFits(file).pixels],
    instrument: "ZWO ASI2600MC Pro",
    exposure: 10,
  });
});

test("noise of a few bits becomes less than half as long", () => {
  const image = { width: 640, height: 480, planes: 1, bits: 16 } as const;
  const data = new Uint8Array(dataBytes(image)).map((_, at) =>
    at % 2 === 0 ? 0x82 : (Math.imul(at, 2654435761) >>> 26) & 63,
  );
  const file = fitsFile(image, data);
  expect(compressFits(file).length).toBeLessThan(file.length / 2);
});
