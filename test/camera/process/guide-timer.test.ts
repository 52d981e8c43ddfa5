import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const GUIDE_TIMER = new URL("../../../dist/camera/process/guide-timer.js", import.meta.url);

/** What a script says that asks for pulses, as a user whom limits apply to; there is no vendor library. */
function said(script: string): string[] {
  const program = `(async () => {
    const { execFileSync } = await import("node:child_process");
    const { GuideTimer } = await import("${GUIDE_TIMER}");
    const timer = new GuideTimer("/nowhere/libASICamera2.so", 0, () => {});
    const { signal } = new AbortController();
    const failure = () => timer.pulse("north", 20, signal).catch(({ message }) => message.split("\\n")[0]);
    ${script}
  })()`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], {
    encoding: "utf8",
    ...(process.getuid?.() === 0 ? { uid: 65534 } : {}),
  });
  return stdout.trim().split("\n");
}

test("Where no thread can be started a pulse fails, and says what to do", () => {
  const heard = said(`
    execFileSync("prlimit", ["--pid", process.pid, "--nproc=0:"]);
    console.log(await failure());
    await timer.close();
    console.log("closed");
  `);
  expect(heard).toEqual([
    "The guide thread cannot be started (EAGAIN): raise the limit on threads (ulimit -u, TasksMax) or free memory.",
    "closed",
  ]);
});

test("A thread that has failed is followed by another one at the next pulse, and nobody waits for it", () => {
  const heard = said(`
    console.log(await failure());
    console.log(await failure());
    await timer.close();
    console.log("closed");
  `);
  const failed =
    "The guide thread failed: No usable ASI camera library (libASICamera2.so) was found. Tried:";
  expect(heard).toEqual([failed, failed, "closed"]);
});
