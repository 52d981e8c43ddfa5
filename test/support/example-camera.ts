import { setTimeout as delay } from "node:timers/promises";
import type { BlobVector } from "../../src/indi/blob-vector.js";
import { defineBlobs, defineNumbers, defineSwitches } from "../../src/indi/definition.js";
import { Device } from "../../src/indi/device.js";

const CCD_EXPOSURE = defineNumbers("CCD_EXPOSURE", {
  label: "Expose",
  group: "Main Control",
  perm: "rw",
  timeout: 60,
  elements: {
    CCD_EXPOSURE_VALUE: { label: "Duration (s)", format: "%5.2f", min: 0, max: 3600, step: 1 },
  },
});

const CCD_FRAME_TYPE = defineSwitches("CCD_FRAME_TYPE", {
  label: "Type",
  group: "Image Settings",
  perm: "rw",
  rule: "OneOfMany",
  elements: { FRAME_LIGHT: { label: "Light", on: true }, FRAME_DARK: { label: "Dark" } },
});

const CCD1 = defineBlobs("CCD1", {
  label: "Image Data",
  group: "Image Info",
  perm: "ro",
  timeout: 60,
  elements: { CCD1: { label: "Image" } },
});

/** The picture every exposure of the example gives: its n-th byte is n modulo 251. */
export function picture(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, n) => n % 251);
}

/** A device to talk to: connected, it exposes for up to 0.1 s and sends a picture of this size. */
export function exampleCamera(name = "Example Camera", size = 100_000): Device {
  const device = new Device(name);
  device.onConnect((connection) => {
    const exposure = connection.add(CCD_EXPOSURE);
    connection.add(CCD_FRAME_TYPE);
    const image: BlobVector<"CCD1"> = connection.add(CCD1);
    exposure.onNew(async ({ CCD_EXPOSURE_VALUE: seconds }, { signal, progress, started }) => {
      progress({ CCD_EXPOSURE_VALUE: seconds });
      started();
      await delay(Math.min(seconds, 0.1) * 1000, undefined, { signal });
      await image.send("CCD1", { format: ".fits", bytes: picture(size) });
      return { CCD_EXPOSURE_VALUE: 0 };
    });
  });
  return device;
}
