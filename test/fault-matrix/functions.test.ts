import { expect, test } from "vitest";
import { FUNCTIONS, type FunctionName } from "../../src/asi/functions.js";
import { COMBINATIONS } from "./combinations.js";
import { SEARCH } from "./search-calls.js";

/** Functions of the library in which nothing is made to go wrong, and why. */
const SPARED: Partial<Record<FunctionName, string>> = {
  ASIGetProductIDs: "only libraries without ASICameraCheck are asked for it",
};

test("every function of the vendor library fails in the matrix, or it is said why not", () => {
  const tried = COMBINATIONS.map(({ call }) => call.replace(/\+\d+$/, ""));
  const named = new Set([...tried, ...SEARCH.calls, ...Object.keys(SPARED)]);
  expect([...named].toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
});
