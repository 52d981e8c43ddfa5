/* A process that behaves as told, for the tests of Child. */
import { setTimeout as delay } from "node:timers/promises";
import { CameraFailure, CameraRequestError } from "../../dist/camera/errors.js";
import { serve } from "../../dist/camera/process/channel.js";

serve({
  echo: async (text) => text,
  fail: async (codeName) => {
    throw new CameraFailure("It failed.", { codeName });
  },
  refuse: async () => {
    throw new CameraRequestError("Not like that.");
  },
  stumble: async () => {
    throw new TypeError("undefined is not a camera");
  },
  never: () => new Promise(() => {}),
  die: async () => process.kill(process.pid, "SIGABRT"),
  async tell({ times, every }, { news }) {
    for (let number = 1; number <= times; number++) {
      await delay(every);
      news(number);
    }
    return "told";
  },
  async untilCancelled(_, { signal }) {
    await delay(60_000, undefined, { signal });
  },
});
