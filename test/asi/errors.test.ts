import { expect, test } from "vitest";
import { AsiError, isRemoved, LibraryNotFoundError } from "../../src/asi/errors.js";

test("An error code is told by the function and the header's name for it", () => {
  const error = new AsiError("ASIStartExposure", 4, 2);
  expect(error.message).toBe("ASIStartExposure failed (ASI_ERROR_CAMERA_CLOSED)");
  expect(error).toMatchObject({ call: "ASIStartExposure", code: 4, cameraId: 2 });
  expect(error.codeName).toBe("ASI_ERROR_CAMERA_CLOSED");
});

test("A code that the header does not know is told by its number", () => {
  expect(new AsiError("ASIOpenCamera", 99).message).toBe(
    "ASIOpenCamera failed (ASI_ERROR_CODE 99)",
  );
});

test("Only a removed camera counts as removed", () => {
  expect(isRemoved(new AsiError("ASIGetExpStatus", 5, 0))).toBe(true);
  expect(isRemoved(new AsiError("ASIGetExpStatus", 4, 0))).toBe(false);
  expect(isRemoved(new Error("ASI_ERROR_CAMERA_REMOVED"))).toBe(false);
});

test("A library that is not found is told with all that was tried and how to get it", () => {
  const { message } = new LibraryNotFoundError([
    { path: "/usr/lib/*/libASICamera2.so*", reason: "no such file" },
    { path: "/opt/sdk/libASICamera2.so", reason: "wrong ELF class: ELFCLASS32" },
  ]);
  expect(message.split("\n").slice(0, 3)).toEqual([
    "No usable ASI camera library (libASICamera2.so) was found. Tried:",
    "  /usr/lib/*/libASICamera2.so*: no such file",
    "  /opt/sdk/libASICamera2.so: wrong ELF class: ELFCLASS32",
  ]);
  for (const hint of ["libasi", "zwoastro.com", "--sdk", "ASI_SDK_LIB"]) {
    expect(message).toContain(hint);
  }
});
