import { expect, test } from "vitest";
import { NO_FLIP } from "../../src/camera/flip.js";
import type { Picture } from "../../src/camera/picture.js";
import { CustomKeywords } from "../../src/ccd/custom-keywords.js";
import { FitsHeader, imageKeywords, readFits } from "../../src/fits/index.js";

const PICTURE: Picture = {
  roi: { left: 0, top: 0, width: 2, height: 1 },
  binning: 1,
  format: "RAW8",
  bytes: 2,
  startedAt: 0,
  seconds: 1,
  isDark: false,
  flip: NO_FLIP,
};

/** What a file says whose header got these keywords, and what clients added to it. */
function written(keywords: CustomKeywords, before: Readonly<Record<string, string>> = {}) {
  const header = new FitsHeader(imageKeywords({ width: 2, height: 1, planes: 1, bits: 8 }));
  for (const [keyword, value] of Object.entries(before)) header.set(keyword, value);
  keywords.snapshot()(header, PICTURE);
  const { keywords: read, comments } = readFits(
    Buffer.concat([header.bytes(), new Uint8Array(2880)]),
  );
  return { ...Object.fromEntries(read), comments };
}

test("Names are written in capitals, with their comment", () => {
  const keywords = new CustomKeywords();
  keywords.take("object", "M 31", "What it is");
  const header = new FitsHeader(imageKeywords({ width: 2, height: 1, planes: 1, bits: 8 }));
  keywords.snapshot()(header, PICTURE);
  expect(Buffer.from(header.bytes()).toString("latin1")).toContain(
    "OBJECT  = 'M 31    '           / What it is",
  );
});

test.each([
  ["42", 42],
  ["-7", -7],
  ["+7", 7],
  ["1.5", 1.5],
  ["1,5", 1.5],
  ["-.25", -0.25],
  ["1e5", "1e5"],
  ["12:30:36", "12:30:36"],
  ["NGC 7000", "NGC 7000"],
  ["Ha/OIII", "Ha\\OIII"],
])("The value %s is written as %o", (text, value) => {
  const keywords = new CustomKeywords();
  keywords.take("TEST", text, "");
  expect(written(keywords)).toMatchObject({ TEST: value });
});

test("A keyword without value is a comment of the file", () => {
  const keywords = new CustomKeywords();
  keywords.take("OBSERVER", "", "Clouds at midnight");
  keywords.take("", "", "Wind later on");
  const { comments, ...rest } = written(keywords);
  expect(comments).toEqual(["Clouds at midnight", "Wind later on"]);
  expect(rest).not.toHaveProperty("OBSERVER");
});

test("Nothing at all is refused", () => {
  expect(() => new CustomKeywords().take("", "", "")).toThrow("Cannot add an empty FITS record.");
});

test("A keyword replaces the driver's own where both have it", () => {
  const keywords = new CustomKeywords();
  keywords.take("TELESCOP", "Newton 200/800", "");
  expect(written(keywords, { TELESCOP: "Telescope Simulator" })).toMatchObject({
    TELESCOP: "Newton 200\\800",
  });
});

test("A keyword that describes the data is left to the data", () => {
  const keywords = new CustomKeywords();
  keywords.take("NAXIS1", "5", "");
  keywords.take("BITPIX", "32", "");
  expect(written(keywords)).toMatchObject({ NAXIS1: 2, BITPIX: 8 });
});

test("A name that is no FITS keyword is refused and spoils no picture", () => {
  const keywords = new CustomKeywords();
  expect(() => keywords.take("far too long a name", "1", "")).toThrow(/no FITS keyword/);
  keywords.take("FILTER", "Ha", "");
  expect(written(keywords)).toMatchObject({ FILTER: "Ha" });
});

test("The last value of a keyword counts", () => {
  const keywords = new CustomKeywords();
  keywords.take("FILTER", "R", "");
  keywords.take("filter", "G", "");
  expect(written(keywords)).toMatchObject({ FILTER: "G" });
});

test("INDI_CLEAR forgets everything", () => {
  const keywords = new CustomKeywords();
  keywords.take("FILTER", "R", "");
  keywords.take("INDI_CLEAR", "", "");
  expect(written(keywords)).not.toHaveProperty("FILTER");
});

test("A snapshot keeps what it saw when later requests come", () => {
  const keywords = new CustomKeywords();
  keywords.take("FILTER", "R", "");
  const snapshot = keywords.snapshot();
  keywords.take("FILTER", "G", "");
  const header = new FitsHeader(imageKeywords({ width: 2, height: 1, planes: 1, bits: 8 }));
  snapshot(header, PICTURE);
  const file = Buffer.concat([header.bytes(), new Uint8Array(2880)]);
  expect(readFits(file).keywords.get("FILTER")).toBe("R");
});

test("A keyword can be changed when there is no room for another", () => {
  const keywords = new CustomKeywords();
  for (let number = 0; number < 500; number++) keywords.take(`K${number}`, "1", "");
  expect(() => keywords.take("NEW", "1", "")).toThrow("no more than 500 keywords");
  keywords.take("K7", "2", "");
  expect(written(keywords)).toMatchObject({ K7: 2 });
});
