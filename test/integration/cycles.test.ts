import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const CYCLES = fileURLToPath(new URL("../soak/cycles.mjs", import.meta.url));

it("Cameras and clients that die, are unplugged, connect and leave again and again leave nothing behind", () => {
  const few = ["--kills", "20", "--plugs", "20", "--connections", "48", "--clients", "200"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [CYCLES, ...few], {
    encoding: "utf8",
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
}, 300_000);
