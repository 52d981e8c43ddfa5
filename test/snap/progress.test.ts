import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { TerminalUi } from "../../src/snap/progress.js";

function show(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const ui = new TerminalUi(stream);
  ui.message("Taking a picture with Test CCD");
  ui.exposing(2, 2);
  ui.exposing(0.5, 2);
  ui.downloading(6_500_000, 26_000_000);
  ui.downloading(26_000_000, 26_000_000);
  ui.end();
  ui.message("Saved");
  return `${stream.read()}`;
}

test("a terminal shows the exposure, then the download, each as a bar that fills", () => {
  const shown = show(true);

  expect(shown).toContain("Exposing    ░");
  expect(shown).toContain("░ 0.0 of 2.0 s");
  expect(shown).toContain("Downloading █");
  expect(shown).toContain("█ 26.0 of 26.0 MB");
  expect(shown.indexOf("Downloading")).toBeGreaterThan(shown.lastIndexOf("Exposing"));
});

test("what is no terminal gets the lines only", () => {
  expect(show(false)).toBe("Taking a picture with Test CCD\nSaved\n");
});
