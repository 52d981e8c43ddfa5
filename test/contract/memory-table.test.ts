import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { slotCount } from "../../src/camera/process/slot-count.js";
import { largestFrame } from "../../src/camera/sensor.js";
import { ROOM } from "../../src/ccd/image.js";
import { PROGRAMS } from "../support/daemon.js";

/** The daemon and one camera's process, in MB. */
const PROGRAM = 80 + 70;

test("docs/memory.md tells what each camera's pictures take", () => {
  const models = execFileSync(PROGRAMS.steering, ["models"], { encoding: "utf8" });
  const rows = [...models.matchAll(/^ZWO (.+?) +(\d+) x (\d+) +(colour|mono)/gm)].map(
    ([, name, width, height, kind]) => {
      const formats = kind === "colour" ? (["RAW16", "RGB24"] as const) : (["RAW16"] as const);
      const frame = largestFrame({ width: Number(width), height: Number(height), formats });
      const megabytes = Math.ceil(frame / 1e6);
      const most = slotCount(ROOM.headRoom + frame + ROOM.tailRoom);
      const figures = [megabytes, most, PROGRAM + megabytes, PROGRAM + most * megabytes];
      return `| ${name} | ${width} x ${height} | ${figures.join(" | ")} |`;
    },
  );
  const page = readFileSync(new URL("../../docs/memory.md", import.meta.url), "utf8");
  expect(page.split("\n").filter((line) => line.startsWith("| ASI"))).toEqual(rows);
});
