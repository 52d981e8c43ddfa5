/*
 * Has a daemon collect its garbage all the time, so that what it holds is what it needs: loaded with `--import`.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** In milliseconds. */
const PERIOD = 1_000;

// Camera processes inherit the option.
if (process.argv.includes("serve")) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  setInterval(collect, PERIOD).unref();
}
