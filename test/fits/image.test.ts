import { expect, test } from "vitest";
import { wholeBlocks } from "../../src/fits/block.js";
import { dataBytes, imageKeywords, planesFromBgr } from "../../src/fits/image.js";

test("An image of 16 bits says how its unsigned values are stored", () => {
  const image = { width: 9576, height: 6388, planes: 1, bits: 16 } as const;
  expect(imageKeywords(image).map(({ keyword, value }) => [keyword, value])).toEqual([
    ["SIMPLE", true],
    ["BITPIX", 16],
    ["NAXIS", 2],
    ["NAXIS1", 9576],
    ["NAXIS2", 6388],
    ["EXTEND", true],
    ["BZERO", 32768],
    ["BSCALE", 1],
  ]);
  expect(dataBytes(image)).toBe(122_342_976);
  expect(wholeBlocks(dataBytes(image))).toBe(122_345_280);
});

test("A colour image has three planes as its third axis", () => {
  const image = { width: 8, height: 2, planes: 3, bits: 8 } as const;
  expect(imageKeywords(image).map(({ keyword, value }) => [keyword, value])).toEqual([
    ["SIMPLE", true],
    ["BITPIX", 8],
    ["NAXIS", 3],
    ["NAXIS1", 8],
    ["NAXIS2", 2],
    ["NAXIS3", 3],
    ["EXTEND", true],
  ]);
  expect(dataBytes(image)).toBe(48);
});

test("Pixels of B, G, R become planes of red, green and blue", () => {
  const target = new Uint8Array(9);
  planesFromBgr(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), target);
  expect([...target]).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
});
