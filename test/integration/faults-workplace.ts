import { onTestFinished } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { callsFor, eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

/** The cameras by number: one that tests torment, and one that must not notice. */
export const TORMENTED = 0;
export const BYSTANDER = 1;

/** A daemon with two connected cameras and somebody at each. */
export interface Workplace {
  readonly daemon: DaemonProcess;
  readonly tormented: Observer;
  readonly bystander: Observer;
  /** The messages about the tormented camera so far. */
  readonly messages: readonly string[];
}

/** Sets up a workplace for one test; at its end the daemon must stop cleanly and leave nothing behind. */
export async function workplace(): Promise<Workplace> {
  const daemon = await startDaemon({
    models: "ASI290MM Mini,ASI120MM",
    env: { ASI_SIM_PATTERN: "1" },
  });
  onTestFinished(() => daemon.stop());
  const tormented = await connected(daemon, "ZWO CCD ASI290MM Mini");
  const bystander = await connected(daemon, "ZWO CCD ASI120MM");
  return { daemon, tormented, bystander, messages: messagesOf(tormented) };
}

/** A daemon with a connected camera that has a cooler, for one test. */
export async function cooledCamera(): Promise<{ daemon: DaemonProcess; observer: Observer }> {
  const daemon = await startDaemon({ models: "ASI2600MC Pro" });
  onTestFinished(() => daemon.stop());
  return { daemon, observer: await connected(daemon, "ZWO CCD ASI2600MC Pro") };
}

/** A client that has connected a camera. */
export async function connected(daemon: DaemonProcess, device: string): Promise<Observer> {
  const observer = await Observer.at(daemon.port, device);
  // Not awaited: the daemon ends the connection when it stops.
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  return observer;
}

/** Starts an exposure and waits until the camera has it. */
export async function startExposure(place: Workplace, seconds: number): Promise<void> {
  const { daemon, tormented } = place;
  const starts = () =>
    callsFor(daemon.rig, TORMENTED).filter(({ name }) => name === "ASIStartExposure").length;
  const before = starts();
  tormented.client.newNumbers(tormented.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: seconds });
  await eventually("the exposure starts", () => starts() > before);
}

function messagesOf({ client, device }: Observer): string[] {
  const messages: string[] = [];
  const listening = client.expect((heard) => {
    const isOurs = "device" in heard && heard.device === device;
    if (isOurs && "message" in heard && heard.message !== undefined) messages.push(heard.message);
    return false;
  });
  // It ends with the connection.
  listening.catch(() => undefined);
  return messages;
}
