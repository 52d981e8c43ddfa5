#!/usr/bin/env node
// A driver for indiserver to start: the built src/indi on standard input and output.
import { defineBlobs, defineNumbers } from "../../dist/indi/definition.js";
import { Device } from "../../dist/indi/device.js";
import { Driver } from "../../dist/indi/driver.js";
import { serveStdio } from "../../dist/indi/stdio.js";

const EXPOSURE = defineNumbers("CCD_EXPOSURE", {
  label: "Expose",
  group: "Main Control",
  perm: "rw",
  elements: { CCD_EXPOSURE_VALUE: { label: "Duration (s)", min: 0, max: 3600 } },
});

const CCD1 = defineBlobs("CCD1", {
  label: "Image Data",
  group: "Image Info",
  perm: "ro",
  elements: { CCD1: { label: "Image" } },
});

const PICTURE = Uint8Array.from({ length: 3_000_000 }, (_, n) => n % 251);

const device = new Device("Stdio Camera");
device.onConnect((connection) => {
  const image = connection.add(CCD1);
  connection.add(EXPOSURE).onNew(async () => {
    await image.send("CCD1", { format: ".fits", bytes: PICTURE });
    return { CCD_EXPOSURE_VALUE: 0 };
  });
  connection.onClose(() => process.stderr.write("camera closed\n"));
});

const driver = new Driver();
driver.add(device);
await serveStdio(driver).closed;
await device.disconnect();
