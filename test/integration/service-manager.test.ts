import { expect, it } from "vitest";
import { startDaemon } from "../support/daemon.js";
import { datagramReceiver } from "../support/datagram-receiver.js";
import { cameraProcess, eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

/** Asks for signs of life three times a second or so. */
const HASTY = { WATCHDOG_USEC: "1200000" };

it("a service manager hears when clients are served, what goes on, and the end", async () => {
  const manager = await datagramReceiver("abstract");
  const env = { ...HASTY, NOTIFY_SOCKET: manager.address };
  const daemon = await startDaemon({ models: "ASI290MM Mini", env });
  expect(await manager.next()).toBe("READY=1\nSTATUS=1 camera(s), 0 connected; 0 client(s)");
  const observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
  await heard(manager.next, "STATUS=1 camera(s), 1 connected; 1 client(s)\nWATCHDOG=1");
  expect(await manager.next()).toBe("WATCHDOG=1");
  await daemon.stop();
  await heard(manager.next, "STOPPING=1");
});

it("a camera process that stands still is replaced while nobody asks anything of it", async () => {
  const manager = await datagramReceiver("path");
  const env = { ...HASTY, NOTIFY_SOCKET: manager.address };
  const daemon = await startDaemon({ models: "ASI290MM Mini", env });
  const observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
  const first = cameraProcess(daemon.rig, 0);
  process.kill(first, "SIGSTOP");
  await eventually("a new process", () => cameraProcess(daemon.rig, 0) !== first, 20_000);
  await heard(manager.next, "WATCHDOG=1");
  await daemon.stop();
}, 30_000);

it("a service manager that has gone away costs nothing", async () => {
  const daemon = await startDaemon({
    models: "ASI290MM Mini",
    env: { NOTIFY_SOCKET: "/nowhere/notify" },
  });
  await daemon.stop();
});

async function heard(next: () => Promise<string>, what: string): Promise<void> {
  for (;;) if ((await next()) === what) return;
}
