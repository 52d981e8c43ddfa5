import { expect, test } from "vitest";
import { LibraryNotFoundError } from "../../src/asi/errors.js";
import { AsiLibrary } from "../../src/asi/library.js";
import { libraryPatterns, type Machine, matchingFiles, openLibrary } from "../../src/asi/search.js";
import { compileLibrary } from "./compile.js";

/** A machine with these files, of which `usable` are stand-ins for the library. */
function machine(files: readonly string[], usable: Readonly<Record<string, string>> = {}): Machine {
  return {
    arch: "arm64",
    list: (directory) => [
      ...new Set(
        files
          .filter((file) => file.startsWith(`${directory.replace(/\/$/, "")}/`))
          .map((file) => file.slice(directory.replace(/\/$/, "").length + 1).split("/")[0] ?? ""),
      ),
    ],
    load(path) {
      const library = usable[path];
      if (!library) throw new LibraryNotFoundError([{ path, reason: "invalid ELF header" }]);
      return AsiLibrary.load(library);
    },
  };
}

test("The places of Debian, of local installations and of the vendor's archive come in that order", () => {
  expect(libraryPatterns({ env: {} }, "arm")).toEqual([
    "/usr/lib/*/libASICamera2.so*",
    "/usr/lib/libASICamera2.so*",
    "/usr/local/lib/libASICamera2.so*",
    "/usr/local/lib/*/libASICamera2.so*",
    "/opt/*/libASICamera2.so*",
    "/opt/*/lib/libASICamera2.so*",
    "/opt/*/lib/armv7/libASICamera2.so*",
    "/opt/*/*/lib/armv7/libASICamera2.so*",
    "/opt/*/lib/armv6/libASICamera2.so*",
    "/opt/*/*/lib/armv6/libASICamera2.so*",
  ]);
});

test("A file named by the user is the only place, before one named by the environment", () => {
  const env = { ASI_SDK_LIB: "/env/lib.so" };
  expect(libraryPatterns({ path: "/mine/lib.so", env }, "x64")).toEqual(["/mine/lib.so"]);
  expect(libraryPatterns({ env }, "x64")).toEqual(["/env/lib.so"]);
});

test("Files of one place are tried newest first, comparing versions as numbers", () => {
  const { list } = machine([
    "/opt/sdk-1.9/lib/armv8/libASICamera2.so.1.9",
    "/opt/sdk-1.36/lib/armv8/libASICamera2.so",
    "/opt/sdk-1.36/lib/armv8/libASICamera2.so.1.36",
    "/opt/sdk-1.36/lib/x64/libASICamera2.so.1.37",
    "/opt/sdk-1.36/lib/armv8/libASICamera2.a",
  ]);
  expect(matchingFiles("/opt/*/lib/armv8/libASICamera2.so*", list)).toEqual([
    "/opt/sdk-1.36/lib/armv8/libASICamera2.so.1.36",
    "/opt/sdk-1.9/lib/armv8/libASICamera2.so.1.9",
    "/opt/sdk-1.36/lib/armv8/libASICamera2.so",
  ]);
});

test("The first usable file is loaded, whatever unusable ones come before it", () => {
  const good = "/usr/local/lib/libASICamera2.so.1.37";
  const stub = compileLibrary(`const char *ASIGetSDKVersion(void) { return "1, 37"; }`);
  const found = openLibrary(
    { env: {} },
    machine(["/usr/lib/x86_64-linux-gnu/libASICamera2.so", good], { [good]: stub }),
  );
  expect(found.version).toBe("1, 37");
});

test("A named file that cannot be used is an error although another would do", () => {
  const good = "/usr/lib/libASICamera2.so";
  const stub = compileLibrary(`const char *ASIGetSDKVersion(void) { return "1, 37"; }`);
  const opening = () =>
    openLibrary({ path: "/mine/lib.so", env: {} }, machine([good], { [good]: stub }));
  expect(opening).toThrow("/mine/lib.so: invalid ELF header");
  expect(opening).not.toThrow("/usr/lib");
});

test("Where nothing is usable, the error lists each place and each file with its reason", () => {
  const opening = () => openLibrary({ env: {} }, machine(["/usr/lib/libASICamera2.so.1.2"]));
  expect(opening).toThrow("  /usr/lib/libASICamera2.so.1.2: invalid ELF header");
  expect(opening).toThrow("  /opt/*/lib/armv8/libASICamera2.so*: no such file");
});
