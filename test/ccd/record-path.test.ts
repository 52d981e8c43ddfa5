import { homedir } from "node:os";
import { expect, it } from "vitest";
import { recordPath } from "../../src/ccd/record-path.js";

const MARKS = { time: Date.UTC(2026, 10, 20, 11, 50, 37), filter: "H-alpha" };

it.each([
  [
    "/videos/indi__D_",
    "indi_record__T_",
    "/videos/indi_2026-11-20/indi_record_2026-11-20@11-50-37.ser",
  ],
  ["/videos", "moon__H___F_.ser", "/videos/moon_11-50-37_H-alpha.ser"],
  ["_HOME_/moon", "a", `${homedir()}/moon/a.ser`],
  ["moon", "12:30", `${homedir()}/moon/12-30.ser`],
  ["/videos", "_F_$&", "/videos/H-alpha$&.ser"],
])("makes of folder %s and name %s %s", (folder, name, path) => {
  expect(recordPath(folder, name, MARKS)).toBe(path);
});

it("does not let a filter's name lead into another folder", () => {
  expect(recordPath("/videos", "_F_", { ...MARKS, filter: "../Red" })).toBe("/videos/..-Red.ser");
});
