import { resolve } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/programs.js";

const UNIT = resolve(import.meta.dirname, "../systemd/indi-asid.service");

it("systemd finds the service well shut in", () => {
  const { stdout } = run("systemd-analyze", "security", "--offline=yes", "--no-pager", UNIT);
  const [, exposure] =
    /Overall exposure level for indi-asid\.service: ([\d.]+)/.exec(`${stdout}`) ?? [];
  expect(Number(exposure)).toBeLessThan(2);
});
