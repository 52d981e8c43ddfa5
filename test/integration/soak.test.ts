import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SOAK = fileURLToPath(new URL("../soak/run.mjs", import.meta.url));

it("Three quarters of a minute of faults, kills and unplugs cost the client who works no frame, and the daemon nothing", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [SOAK, "--minutes", "0.75", "--log"],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  expect(status, `${stdout}${stderr}`).toBe(0);
}, 240_000);
