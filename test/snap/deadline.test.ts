import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { deadline } from "../../src/snap/deadline.js";

test("a deadline that only a combined signal listens to outlives the garbage collector", async () => {
  setFlagsFromString("--expose-gc");
  const collect = setInterval(runInNewContext("gc"), 20);
  onTestFinished(() => clearInterval(collect));
  const stop = AbortSignal.any([deadline(300)]);
  await once(stop, "abort");
  expect(stop.aborted).toBe(true);
}, 2_000);
