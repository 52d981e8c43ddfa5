import { expect, onTestFinished, test } from "vitest";
import { startDaemon } from "../support/daemon.js";
import { cameraProcess, eventually } from "../support/steering.js";
import { TORMENTED, workplace } from "./faults-workplace.js";
import { Observer } from "./observer.js";

const AN_HOUR = "3600000";
const camera = ["--camera", `${TORMENTED}`];

test("Connecting while the search for cameras hangs can be taken back at once, and so can the daemon", async () => {
  const daemon = await startDaemon({ models: "ASI290MM Mini" });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, "ZWO CCD ASI290MM Mini");
  onTestFinished(() => void observer.client.close());
  daemon.rig.steer("hang", "ASIGetNumOfConnectedCameras", AN_HOUR);
  await eventually("the search hangs", () => !daemon.rig.steer("status").includes("hang"));
  observer.client.newSwitches(observer.device, "CONNECTION", { CONNECT: true });
  await observer.client.until(
    () => observer.client.property(observer.device, "CONNECTION")?.state === "Busy",
  );
  const began = performance.now();
  expect(await observer.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("A disconnect while the successor of a camera process hangs is answered at once, and the camera can be connected again", async () => {
  const { daemon, tormented, messages } = await workplace();
  daemon.rig.steer("hang", "ASIOpenCamera", AN_HOUR, ...camera);
  process.kill(cameraProcess(daemon.rig, TORMENTED), "SIGKILL");
  await eventually("the next hangs", () => !daemon.rig.steer("status").includes("hang"));
  await eventually("it is told", () => /It is being replaced/.test(messages.join()));
  const began = performance.now();
  expect(await tormented.choose("CONNECTION", "DISCONNECT")).toMatchObject({ state: "Idle" });
  expect(performance.now() - began).toBeLessThan(1_000);
  await tormented.connect();
  await tormented.expose();
});

test("A camera process that crashes again and again is given up, and the device says why", async () => {
  const { daemon, tormented, bystander, messages } = await workplace();
  const gone = tormented.answer("CONNECTION");
  // The temperature is read every second.
  daemon.rig.steer("crash", "ASIGetControlValue", "1000", ...camera);
  for (let pictures = 0; pictures < 5; pictures++) await bystander.expose(0.5);
  expect(await gone).toMatchObject({
    elements: [{ name: "CONNECT", value: "Off" }, {}],
    state: "Idle",
  });
  await eventually("the reason is told", () =>
    messages.some((text) => /^\[ERROR\] .*failed 4 times in a row/.test(text)),
  );
  daemon.rig.steer("clear");
  await tormented.connect();
  await tormented.expose();
});
