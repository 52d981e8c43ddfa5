import { describe, expect, test } from "vitest";
import { formatNumber, parseNumber, writeNumber } from "../../src/indi/number-format.js";

describe("reading a number", () => {
  test.each([
    ["5", 5],
    ["0.10000000000000000555", 0.1],
    ["1e3", 1000],
    ["1.5E-2", 0.015],
    [".5", 0.5],
    ["7.", 7],
    ["+3", 3],
    ["-3.25", -3.25],
    ["12:30:36", 12.51],
    ["12;30;36", 12.51],
    ["12h30m36s", 12.51],
    ["12:30.6", 12.51],
    ["12:30", 12.5],
    ["-12:30", -12.5],
    ["-0:30:00", -0.5],
    ["12 30 36", 123036],
    [" 42\n", 42],
  ])("takes %j as %d", (text, value) => {
    expect(parseNumber(text)).toBeCloseTo(value, 12);
  });

  test.each([
    "",
    "abc",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    "1e999",
    "0x10",
    "12abc",
    "--1",
    "1:2:3:4",
  ])("refuses %j", (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });
});

describe("writing a number", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [0.1, "0.1"],
    [5.2, "5.2"],
    [3600000000, "3600000000"],
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
    [2e21, "2000000000000000000000"],
    [1.5e22, "15000000000000000000000"],
    [-123456.789, "-123456.789"],
  ])("writes %d as %s", (value, text) => {
    expect(writeNumber(value)).toBe(text);
  });

  test("never loses a bit", () => {
    for (const value of [1 / 3, 5e-324, Number.MAX_VALUE, 123456789.12345679, 2 ** -20]) {
      expect(Number(writeNumber(value))).toBe(value);
    }
  });
});

describe("showing a number in an INDI format", () => {
  test.each([
    ["%5.2f", 2.346, " 2.35"],
    ["%.f", 1000, "1000"],
    ["%4.0f", 9576, "9576"],
    ["%g", 0.1, "0.1"],
    ["%g", 100000, "100000"],
    ["%g", 1000000, "1e+06"],
    ["%g", 0.0001, "0.0001"],
    ["%g", 0.00001, "1e-05"],
    ["%g", 9576, "9576"],
    ["%.3g", 1234.5, "1.23e+03"],
    ["%e", 12345.678, "1.234568e+04"],
    ["%d", 12.9, "12"],
    ["%06.1f", -2.5, "-002.5"],
    ["%-6.1f|", 2.5, "2.5   |"],
    ["%+.1f", 2.5, "+2.5"],
    ["%.2f C", 20, "20.00 C"],
    ["plain", 20, "20"],
  ])("shows %s of %d as %j", (format, value, text) => {
    expect(formatNumber(format, value)).toBe(text);
  });

  test.each([
    ["%010.6m", 12.51, "  12:30:36"],
    ["%9.6m", -0.5, " -0:30:00"],
    ["%8.3m", 12.51, "   12:31"],
    ["%8.5m", 12.51, " 12:30.6"],
    ["%11.8m", 12.51, " 12:30:36.0"],
    ["%12.9m", 12.51, " 12:30:36.00"],
    ["%12.9m", 12.5125, " 12:30:45.00"],
    ["%10.6m", -12.51, " -12:30:36"],
    ["%9.6m", 9.99999, " 10:00:00"],
  ])("shows %s of %d as %j", (format, value, text) => {
    expect(formatNumber(format, value)).toBe(text);
  });
});
