import { expect, test } from "vitest";
import { AsiCamera } from "../../src/asi/asi-camera.js";
import { numOfConnectedCameras, productIds } from "../../src/asi/enumeration.js";
import { FUNCTIONS, type FunctionDeclaration } from "../../src/asi/functions.js";
import { AsiLibrary } from "../../src/asi/library.js";

const path = process.env.ASI_VENDOR_LIB ?? "";

test.runIf(path)("The vendor's library has every function that is not optional", () => {
  const functions: Readonly<Record<string, FunctionDeclaration>> = FUNCTIONS;
  const missing = AsiLibrary.load(path).missing();
  expect(missing.filter((name) => !functions[name]?.optional)).toEqual([]);
});

test.runIf(path)("The vendor's library works where no camera is plugged in", async () => {
  const library = AsiLibrary.load(path);
  expect(library.version).toMatch(/^\d+, \d+/);
  expect(await numOfConnectedCameras(library)).toBe(0);
  expect(productIds(library)).toContain(0x120a);
  await expect(new AsiCamera(library, 0).open()).rejects.toMatchObject({
    codeName: "ASI_ERROR_INVALID_ID",
  });
});
