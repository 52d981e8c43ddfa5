import { expect, test } from "vitest";
import { toFitsOrder16 } from "../../../src/simd/index.js";
import { pattern } from "../../integration/pattern.js";
import { openCamera } from "../../support/simulated-camera.js";

/** 33 MB each: two threads are at them, from when the second one is awake. */
const [MODEL, WIDTH, HEIGHT, BITS] = ["ASI1600MM Pro", 4656, 3520, 12] as const;

test("Every pixel of large pictures in a row is in the order of FITS", async () => {
  const { camera } = await openCamera(MODEL);
  for (let frame = 0; frame < 4; frame++) {
    const picture = await camera.pictures.expose(
      { seconds: 0.01, dark: false, order: "fits" },
      {
        signal: new AbortController().signal,
        headRoom: 2880,
        tailRoom: 2880,
        onNews: () => undefined,
      },
    );
    const whole = { left: 0, top: 0, width: WIDTH, height: HEIGHT, binning: 1, frame };
    const expected = Buffer.from(pattern(whole, BITS).buffer);
    toFitsOrder16(expected);
    const { memory, offset, bytes } = picture;
    expect(Buffer.compare(expected, memory.subarray(offset, offset + bytes))).toBe(0);
    picture.release();
  }
}, 20_000);
