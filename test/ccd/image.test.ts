import { expect, test } from "vitest";
import type { Frame } from "../../src/camera/process/remote-pictures.js";
import { CustomKeywords } from "../../src/ccd/custom-keywords.js";
import { type Delivery, image } from "../../src/ccd/image.js";
import { upload } from "../../src/ccd/upload.js";
import { filesIn } from "../support/files.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { eventually } from "../support/steering.js";
import { ccdDevice } from "./ccd-device.js";
import { picture } from "./picture.js";

test("A picture goes out as a FITS file of whole blocks, then the exposure is Ok", async () => {
  const { device, hear } = await ccdDevice("ASI120MM");
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.01" });
  const line = await hear(/^CCD1.CCD1 \.fits \d+$/);
  expect(Number(line.split(" ")[2]) % 2880).toBe(0);
  await hear(/^CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0/);
});

test("A picture without header is as long as its pixels", async () => {
  const { device, hear } = await ccdDevice("ASI120MM");
  device.ask("Switch", "CCD_TRANSFER_FORMAT", { FORMAT_NATIVE: "On" });
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.01" });
  await hear(/^CCD1.CCD1 \.bin 1228800$/);
});

test("Comments of clients that take many lines each have room in the header", async () => {
  const { device, hear } = await ccdDevice("ASI120MM");
  for (let number = 0; number < 60; number++) {
    const KEYWORD_COMMENT = `${number} ${"clouds ".repeat(40)}`;
    device.ask("Text", "FITS_HEADER", { KEYWORD_NAME: "", KEYWORD_VALUE: "", KEYWORD_COMMENT });
  }
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.01" });
  expect(await hear(/^CCD1.CCD1|^CCD_EXPOSURE Alert/)).toMatch(/^CCD1.CCD1 \.fits/);
});

test("As many keywords as clients may have are all in the header", async () => {
  const { device, hear } = await ccdDevice("ASI120MM");
  for (let number = 0; number < 500; number++) {
    device.ask("Text", "FITS_HEADER", {
      KEYWORD_NAME: `K${number}`,
      KEYWORD_VALUE: "a value with a few words",
      KEYWORD_COMMENT: "and what it means",
    });
  }
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.01" });
  const line = await hear(/^CCD1.CCD1 \.fits/);
  expect(Number(line.split(" ")[2])).toBeGreaterThan(500 * 80 + 1228800);
});

test("The frame type Dark keeps the shutter closed, and Bias takes the shortest exposure", async () => {
  const { device, hear, rig } = await ccdDevice("ASI120MM");
  device.ask("Switch", "CCD_FRAME_TYPE", { FRAME_DARK: "On" });
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "0.02" });
  await hear(/^CCD_EXPOSURE Ok/);
  device.ask("Switch", "CCD_FRAME_TYPE", { FRAME_BIAS: "On" });
  device.ask("Number", "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: "20" });
  await hear(/^CCD_EXPOSURE Ok/);
  const calls = rig.trace().map((line) => line.replace(/^\S+ \S+ \S+ /, ""));
  expect(calls.filter((line) => line.includes("ASIStartExposure"))).toEqual([
    "0 ASIStartExposure 1 = 0",
    "0 ASIStartExposure 0 = 0",
  ]);
  expect(calls.findLast((line) => line.includes("ASISetControlValue 1 "))).toBe(
    "0 ASISetControlValue 1 64 0 = 0",
  );
});

test("A picture whose header cannot be written gives its memory back", async () => {
  const device = new RecordedDevice();
  const deliveries: Delivery[] = [];
  const unwritable = () => {
    throw new Error("no header today");
  };
  device.onConnect((connection) => {
    const { delivery } = image(connection, {
      before: [() => unwritable],
      after: [],
      custom: new CustomKeywords(),
      upload: upload(connection, {
        files: filesIn("/nowhere"),
        message: () => undefined,
      }),
      software: "a test",
      followCompression: async () => undefined,
      onError: () => undefined,
      onCrowded: () => undefined,
    });
    deliveries.push(delivery());
  });
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  await eventually("it is connected", () => deliveries.length > 0);
  let released = 0;
  const frame: Frame = {
    ...picture({ roi: { left: 0, top: 0, width: 8, height: 2 }, format: "RAW8", bytes: 16 }),
    memory: new Uint8Array(100_000),
    offset: deliveries[0]?.headRoom ?? 0,
    descriptor: -1,
    share: () => undefined,
    release: () => void released++,
  };
  const delivered = deliveries[0]?.deliver(frame, new AbortController().signal);
  await expect(delivered).rejects.toThrow("no header today");
  await eventually("the memory is given back", () => released === 1);
});
