import { expect, it, vi } from "vitest";
import { LineBundler } from "../../../src/camera/process/call-trace.js";

it("no more than a hundred calls are told at a time, and the others counted", () => {
  vi.useFakeTimers();
  const bundles: (readonly string[])[] = [];
  const bundler = new LineBundler((lines) => bundles.push(lines));
  for (let call = 0; call < 250; call++) bundler.add(`call ${call}`);
  expect(bundles).toEqual([]);
  vi.runAllTimers();
  bundler.add("later");
  vi.runAllTimers();
  vi.useRealTimers();
  expect(bundles.map((lines) => [lines.length, lines[0], lines.at(-1)])).toEqual([
    [101, "call 0", "150 more calls"],
    [1, "later", "later"],
  ]);
});
