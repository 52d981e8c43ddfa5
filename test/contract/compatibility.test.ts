import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const POINTS = 97;

/** A row of the tables in docs/compatibility.md. */
interface Point {
  readonly number: number;
  readonly ours: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

const points: Point[] = readFileSync(new URL("docs/compatibility.md", ROOT), "utf8")
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, number, , ours = "", shown = ""] = line.split(/ ?\| ?/);
    const tests = [...shown.matchAll(/`([^`]+)` "([^"]+)"/g)].map(([, file = "", name = ""]) => ({
      file,
      name,
    }));
    return { number: Number(number), ours, tests };
  });

it("answers for every one of the points, in their order", () => {
  expect(points.map(({ number }) => number)).toEqual(
    Array.from({ length: POINTS }, (_, index) => index + 1),
  );
  const bare = points.filter(({ ours, tests }) => ours === "" || tests.length === 0);
  expect(bare).toEqual([]);
});

it("names only tests that there are", () => {
  const missing = points.flatMap(({ number, tests }) =>
    tests.filter(({ file, name }) => !names(file).has(name)).map((test) => ({ number, ...test })),
  );
  expect(missing).toEqual([]);
});

/** The names of the tests in a file, as they stand in its source: texts with a function behind. */
function names(file: string): ReadonlySet<string> {
  const source = readFileSync(new URL(file, ROOT), "utf8");
  const named = source.matchAll(/"([^"]+)",\s+(?:async )?(?:\(|\w+ =>)/g);
  return new Set([...named].map(([, name = ""]) => name));
}
