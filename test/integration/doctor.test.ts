import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PROGRAMS, Rig, startDaemon } from "../support/daemon.js";

function doctor(rig: Rig, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(PROGRAMS.daemon, ["doctor", ...words], {
    env: rig.env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function rigOf(models: string): Rig {
  const rig = new Rig(models);
  onTestFinished(() => rig.remove());
  return rig;
}

it("the doctor looks at this machine, and its exit code is of the worst finding", () => {
  const { status, stdout } = doctor(rigOf("ASI290MM Mini"), "--json", "--port", "1");
  const findings: { subject: string; severity: string }[] = JSON.parse(stdout);
  expect(findings.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(["vendor library", "USB", "TCP port", "clock", "disk", "guide timing"]),
  );
  expect(findings).toContainEqual(
    expect.objectContaining({ subject: "vendor library", severity: "ok" }),
  );
  const severities = findings.map(({ severity }) => severity);
  const expected = severities.includes("problem") ? 7 : severities.includes("warning") ? 6 : 0;
  expect(status).toBe(expected);
});

it("a library that is missing and a port that is taken are problems, with remedies", async () => {
  const daemon = await startDaemon({ models: "ASI290MM Mini" });
  const rig = rigOf("ASI290MM Mini");
  const served = doctor(rig, "--port", `${daemon.port}`);
  expect(served.stdout).toContain(`${daemon.port} is served by indi-asid (process ${daemon.pid})`);
  await daemon.stop();
  const { status, stdout } = doctor(rig, "--sdk", "/nowhere/libASICamera2.so");
  expect(status).toBe(7);
  expect(stdout).toMatch(/^problem +vendor library +No usable ASI camera library/m);
  expect(stdout).toMatch(/^ +\/nowhere\/libASICamera2.so: .*No such file/m);
});

it("a report has everything but what is private, and is written over nothing", () => {
  const rig = rigOf("ASI290MM Mini,ASI2600MC Pro");
  const logs = join(rig.home, ".indi/logs/2026-11-20/indi_asid_ccd");
  mkdirSync(logs, { recursive: true });
  const line = `client 192.168.7.9 of ${hostname()} saved ${rig.home}/IMAGE_001.fits`;
  writeFileSync(join(logs, "indi_asid_ccd_20:00:00.log"), `${line}\nZWO CCD Our Refractor\n`);
  writeFileSync(
    join(rig.home, ".indi/Nicknames.xml"),
    `<INDINicknames><device name="ZWO CCD"><nickname identifier="1">Our Refractor</nickname></device></INDINicknames>`,
  );
  const file = join(rig.home, "report.txt");
  doctor(rig, "--report", file);
  const report = readFileSync(file, "utf8");
  expect(report).toContain("client <address> of <host> saved ~/IMAGE_001.fits");
  expect(report).toContain("ZWO CCD <nickname>");
  expect(report).toContain('"name": "ZWO ASI2600MC Pro"');
  expect(report).toContain('"serial": "<serial 1>"');
  expect(report).toMatch(/^== findings ==$/m);
  for (const secret of [rig.home, hostname(), "192.168.7.9"]) expect(report).not.toContain(secret);
  expect(report).not.toMatch(/"[0-9a-f]{16}"/);
  expect(statSync(file).mode & 0o077).toBe(0);
  const again = doctor(rig, "--report", file);
  expect(again.status).toBe(1);
  expect(again.stderr).toMatch(/EEXIST.*report\.txt/);
  expect(readFileSync(file, "utf8")).toBe(report);
});
