import { expect, it, onTestFinished } from "vitest";
import { descendantsOf, isAlive, startDaemon } from "../support/daemon.js";
import { cameraProcess, eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";
const GENERAL_ERROR = "16";

async function atWork(...args: readonly string[]) {
  const daemon = await startDaemon({ models: "ASI290MM Mini", args });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
  return { daemon, observer };
}

/** Waits until clients are shown that, which is seconds after it happened. */
async function isShown(
  observer: Observer,
  name: string,
  values: Readonly<Record<string, unknown>>,
) {
  const shows = () =>
    Object.entries(values).every(([key, value]) => observer.values(name)[key] === value);
  await eventually(`${name} ${JSON.stringify(values)}`, shows);
}

it("clients see what has come of the camera, its guide port and themselves", async () => {
  const { daemon, observer } = await atWork();
  await isShown(observer, "CAMERA_COUNTERS", { EXPOSURES: "0", RECOVERIES: "0" });
  daemon.rig.steer("fail", "ASIStartExposure", GENERAL_ERROR, "2");
  await observer.expose();
  process.kill(cameraProcess(daemon.rig, 0), "SIGKILL");
  await observer.client.until(() => daemon.stderr.includes("was opened anew"), { timeout: 10_000 });
  await observer.expose();
  await observer.set("TELESCOPE_TIMED_GUIDE_NS", { TIMED_GUIDE_N: 20 });
  await isShown(observer, "CAMERA_COUNTERS", {
    EXPOSURES: "2",
    FAILURES: "0",
    RETRIES: "2",
    RECOVERIES: "1",
    // Two frames of 1936 x 1096 pixels of two bytes are 8.5 MB.
    MEGABYTES: "8",
  });
  await isShown(observer, "GUIDE_COUNTERS", { PULSES: "1" });
  expect(Number(observer.values("GUIDE_COUNTERS").WORST_ERROR)).toBeGreaterThan(0);
  await isShown(observer, "CLIENT_COUNTERS", { CLIENTS: "1", MEGABYTES: "11" });
});

it("SIGUSR2 to all its processes writes into the log how the daemon fares, and ends none", async () => {
  const { daemon, observer } = await atWork();
  await observer.expose();
  const all = [daemon.pid, ...descendantsOf(daemon.pid)];
  for (const pid of all) process.kill(pid, "SIGUSR2");
  await daemon.says(/diagnostics: indi-asid .*, \d+ MiB: 1 camera\(s\), 1 connected; 1 client/);
  await daemon.says(
    new RegExp(
      `diagnostics: ${DEVICE}: process ${cameraProcess(daemon.rig, 0)}, \\d+ MiB, exposures 1,`,
    ),
  );
  await daemon.says(
    /diagnostics: .* port \d+: sent 5\d{6}, handedOver 0, framesReplaced 0, waiting 0/,
  );
  await daemon.says(/diagnostics: all clients since the start: sent 5\d{6}/);
  expect(all.filter((pid) => !isAlive(pid))).toEqual([]);
});

it("what the camera cannot do is answered and no warning in the log", async () => {
  const { daemon, observer } = await atWork("--log-level", "debug");
  const picture = observer.picture();
  observer.client.newNumbers(DEVICE, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 1 });
  await observer.client.expect((heard) => heard.tag === "set" && heard.name === "CCD_EXPOSURE");
  expect(await observer.choose("CCD_VIDEO_STREAM", "STREAM_ON")).toMatchObject({ state: "Alert" });
  await picture;
  expect(daemon.stderr).toMatch(/ debug .*CCD_VIDEO_STREAM: CameraRequestError/);
  expect(daemon.stderr).not.toMatch(/ (warn|error) /);
});
