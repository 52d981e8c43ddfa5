import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const PREFER = `
  import { readFileSync } from "node:fs";
  import { preferThisThread } from "${new URL("../../dist/posix/index.js", import.meta.url)}";
  const how = preferThisThread();
  const fields = readFileSync("/proc/thread-self/stat", "latin1").split(") ")[1].split(" ");
  console.log(how, "nice", fields[16], "policy", fields[38]);
`;

/** What a thread that asked to be preferred is told, and what the kernel says of it. */
function preferred(options: { readonly uid?: number }): string {
  const script = 'ulimit -r 0 -e 0; exec "$0" --input-type=module -e "$1"';
  const { stdout } = spawnSync("bash", ["-c", script, process.execPath, PREFER], {
    encoding: "utf8",
    ...options,
  });
  return stdout.trim();
}

const INHERIT = `
  import { getPriority } from "node:os";
  import { preferByNiceness, preferNoLonger } from "${new URL("../../dist/posix/index.js", import.meta.url)}";
  const asStarted = getPriority();
  preferByNiceness();
  const preferred = getPriority();
  preferNoLonger();
  console.log(asStarted, preferred, getPriority());
`;

/** Its niceness as it was started, preferred, and no longer preferred. */
function niceness(asStarted: number, options: { readonly uid?: number } = {}): string {
  const script = 'ulimit -e 0; exec nice -n "$2" "$0" --input-type=module -e "$1"';
  const args = ["-c", script, process.execPath, INHERIT, `${asStarted}`];
  return spawnSync("bash", args, { encoding: "utf8", ...options }).stdout.trim();
}

const ALL_THREADS = `
  import { readdirSync, readFileSync } from "node:fs";
  import { stat } from "node:fs/promises";
  import { preferProcessNoLonger } from "${new URL("../../dist/posix/index.js", import.meta.url)}";
  await stat("/");
  const threads = readdirSync("/proc/self/task");
  const niceness = () =>
    [...new Set(threads.map((thread) => {
      return readFileSync("/proc/self/task/" + thread + "/stat", "latin1").split(") ")[1].split(" ")[16];
    }))].join(",");
  const asStarted = niceness();
  preferProcessNoLonger();
  console.log(threads.length > 4, asStarted, niceness());
`;

const isRoot = process.getuid?.() === 0;

/** Root in a container may not be. */
const mayBePreferred =
  spawnSync("bash", ["-c", "ulimit -e 0; exec nice -n -5 true"]).stderr.length === 0;

test("a thread hears how it is preferred", () => {
  expect([
    "realtime nice 0 policy 2",
    "nice nice -10 policy 0",
    "ordinary nice 0 policy 0",
  ]).toContain(preferred({}));
});

test("a thread that may not be preferred stays an ordinary one", () => {
  expect(preferred(isRoot ? { uid: 65534 } : {})).toBe("ordinary nice 0 policy 0");
});

test("a program is preferred where that is permitted, until it wants that no longer", () => {
  expect(niceness(0)).toBe(mayBePreferred ? "0 -5 0" : "0 0 0");
  expect(niceness(0, isRoot ? { uid: 65534 } : {})).toBe("0 0 0");
});

test.runIf(mayBePreferred)(
  "a process that its parent made preferred is preferred in none of its threads",
  () => {
    const script = 'exec nice -n "$2" "$0" --input-type=module -e "$1"';
    const threads = (asStarted: number) =>
      spawnSync("bash", ["-c", script, process.execPath, ALL_THREADS, `${asStarted}`], {
        encoding: "utf8",
      }).stdout.trim();
    expect(threads(-5)).toBe("true -5 0");
    expect(threads(5)).toBe("true 5 5");
  },
);

test("a program that was started to stand back does so", () => {
  expect(niceness(5)).toBe("5 5 5");
});
