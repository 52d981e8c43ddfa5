import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Rig, startDaemon } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI120MM";

/** What a program asked of the system, as strace tells: the call, and the rest of the line. */
const LINE = /^\d+ +(?:<\.\.\. )?(\w+)(.*)$/;

test("Pictures, settings and recordings are on the disk before they have their names or are said to be done", async () => {
  const rig = new Rig("ASI120MM", { ASI_SIM_PATTERN: "1" });
  const log = join(rig.home, "calls");
  const prefix = [
    ...["strace", "-D", "-f", "-y", "--seccomp-bpf", "-s", "0", "-o", log],
    ...["-e", "trace=/^p?write(64|v)?$,fsync,fdatasync,/^rename,/^link"],
  ];
  const daemon = await startDaemon({ models: "", rig, prefix });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, DEVICE);
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
  await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.001 });
  await observer.choose("CONFIG_PROCESS", "CONFIG_SAVE");
  await observer.choose("RECORD_STREAM", "RECORD_FRAME_ON");
  const calls = (path: RegExp) =>
    readFileSync(log, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, call = "", rest = ""] = LINE.exec(line) ?? [];
        return path.test(rest) ? [call.replace(/^p?write.*/, "write")] : [];
      });
  const inOrder = (path: RegExp) => calls(path).filter((call, at, all) => call !== all[at - 1]);

  expect(inOrder(/\/home\/\.[-\w]+\.fits\.part|\/home>/)).toEqual([
    "write",
    "fsync",
    "link",
    "fsync",
  ]);
  const config = inOrder(/_config\.xml\.new|\.indi>/);
  expect(config.join(" ")).toMatch(/^write f(data)?sync rename fsync$/);
  await eventually("the recording has ended", () => calls(/\.ser>/).includes("fsync"));
  expect(inOrder(/\.ser>/)).toEqual(["write", "fsync"]);
}, 60_000);
