import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { AsiCamera } from "../../src/asi/asi-camera.js";
import { LibraryNotFoundError, MissingFunctionError } from "../../src/asi/errors.js";
import { AsiLibrary } from "../../src/asi/library.js";
import { compileLibrary } from "./compile.js";

const VERSION = `const char *ASIGetSDKVersion(void) { return "1, 2, 3"; }`;

test("A library tells its version and which functions of the header it lacks", () => {
  const library = AsiLibrary.load(
    compileLibrary(`${VERSION} int ASIOpenCamera(int id) { return 0; }`),
  );
  expect(library.version).toBe("1, 2, 3");
  expect(library.has("ASIOpenCamera")).toBe(true);
  expect(library.has("ASICloseCamera")).toBe(false);
  expect(library.missing()).toHaveLength(41);
  expect(library.missing()).toContain("ASIGetLMHGainOffset");
});

test("A call of a function that the library lacks is an error that names both", async () => {
  const path = compileLibrary(VERSION);
  const camera = new AsiCamera(AsiLibrary.load(path), 0);
  const error = await camera.getSerialNumber().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MissingFunctionError);
  expect(error).toMatchObject({
    functionName: "ASIGetSerialNumber",
    library: path,
    version: "1, 2, 3",
    message: `ASIGetSerialNumber is missing in ${path} (SDK version 1, 2, 3)`,
  });
});

test("A file that is no library of this kind is refused with the reason", () => {
  const path = compileLibrary("int unrelated(void) { return 0; }");
  const loading = () => AsiLibrary.load(path);
  expect(loading).toThrow(LibraryNotFoundError);
  expect(loading).toThrow(`${path}: it does not export ASIGetSDKVersion`);
  expect(() => AsiLibrary.load("/nowhere/lib.so")).toThrow(
    /\/nowhere\/lib\.so: .*No such file or directory/,
  );
});

test("An asynchronous call keeps its buffer until the library has filled it, and no longer", async () => {
  const library = AsiLibrary.load(
    compileLibrary(`
      #include <string.h>
      #include <unistd.h>
      ${VERSION}
      static volatile int go;
      int ASIStopExposure(int id) { go = 1; return 0; }
      int ASIGetDataAfterExp(int id, unsigned char *buffer, long size) {
        while (!go) usleep(1000);
        memset(buffer, 0x5a, size);
        return 0;
      }`),
  );
  const start = () => {
    const buffer = new Uint8Array(1 << 20);
    const done = library.callAsync("ASIGetDataAfterExp", 0, buffer, buffer.length);
    return { weak: new WeakRef(buffer), done };
  };
  const unheld = (() => new WeakRef(new Uint8Array(1 << 20)))();
  const { weak, done } = start();

  await collectGarbage();
  expect(unheld.deref()).toBeUndefined();
  expect(weak.deref()).toBeDefined();
  library.call("ASIStopExposure", 0);
  await done;
  expect(weak.deref()?.every((byte) => byte === 0x5a)).toBe(true);

  await collectGarbage();
  expect(weak.deref()).toBeUndefined();
});

test("Calls run beside each other, and this thread goes on meanwhile", async () => {
  const library = AsiLibrary.load(
    compileLibrary(`
      #include <unistd.h>
      ${VERSION}
      static volatile int stopped;
      int ASIStopExposure(int id) { stopped = 1; return 0; }
      int ASIInitCamera(int id) { while (!stopped) usleep(1000); return 0; }`),
  );
  const camera = new AsiCamera(library, 0);
  const waiting = camera.init();
  await camera.stopExposure();
  await waiting;
});

/** Collects garbage for sure: weak references are cleared between turns of the event loop only. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc !== "function") throw new Error("no gc");
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}
