import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Rig, startDaemon } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI120MM";

/** What a program asked of the system, as strace tells: the call, and the rest of the line. */
const LINE = /^\d+ +(?:<\.\.\. )?(\w+)(.*)$/;

/** A camera whose daemon is watched, and the calls it has made about a path so far. */
async function watched(...options: readonly string[]) {
  const rig = new Rig("ASI120MM", { ASI_SIM_PATTERN: "1" });
  const log = join(rig.home, "calls");
  const prefix = [
    ...["strace", "-D", "-f", "-y", "--seccomp-bpf", "-s", "0", "-o", log],
    ...["-e", "trace=/^p?write(64|v)?$,fsync,fdatasync,/^rename,/^link", ...options],
  ];
  const daemon = await startDaemon({ models: "", rig, prefix });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, DEVICE);
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  /** Calls of one kind that follow each other count as one. */
  const calls = (path: RegExp) =>
    readFileSync(log, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, call = "", rest = ""] = LINE.exec(line) ?? [];
        if (!path.test(rest)) return [];
        return [call.replace(/^p?write.*/, "write").replace(/at2?$/, "")];
      })
      .filter((call, at, all) => call !== all[at - 1]);
  return { observer, home: rig.home, calls };
}

test("Pictures, settings and recordings are on the disk before they have their names or are said to be done", async () => {
  const { observer, calls } = await watched();
  await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.001 });
  const picture = calls(/\/home\/\.[-\w]+\.fits\.part|\/home>/);
  expect(picture).toEqual(["write", "fsync", "link", "fsync"]);

  await observer.choose("CONFIG_PROCESS", "CONFIG_SAVE");
  const settings = calls(/_config\.xml\.new|\.indi>/).join(" ");
  expect(settings).toMatch(/^write f(data)?sync rename fsync/);

  await observer.choose("RECORD_STREAM", "RECORD_FRAME_ON");
  await eventually("the recording has ended", () => calls(/\.ser>/).includes("fsync"));
  expect(calls(/\.ser>/).at(-1)).toBe("fsync");
}, 60_000);

test("A file system without links, as on memory cards, gets its pictures all the same", async () => {
  const { observer, home, calls } = await watched("-e", "inject=/^link:error=EPERM");
  const expose = () => observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.001 });
  expect((await expose()).state).toBe("Ok");
  expect((await expose()).state).toBe("Ok");
  expect(calls(/IMAGE_001\.fits/)).toEqual(["link", "rename"]);
  const names = readdirSync(home).filter((name) => /^\.?IMAGE|part$/.test(name));
  expect(names.sort()).toEqual(["IMAGE_001.fits", "IMAGE_002.fits"]);
  for (const name of names) {
    expect(readFits(readFileSync(join(home, name)))).toMatchObject({ width: 1280 });
  }
}, 60_000);
