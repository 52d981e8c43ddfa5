import { onTestFinished } from "vitest";
import type { IndiClient } from "../../src/indi/indi-client.js";
import type { Message, OneBlob } from "../../src/indi/messages.js";
import { Observer } from "../integration/observer.js";
import { type DaemonOptions, startDaemon } from "../support/daemon.js";

/** A daemon with one connected camera of this model and somebody at it, until the test is over. */
export async function cameraAt(
  model: string,
  env: Readonly<Record<string, string>> = {},
  options: Pick<DaemonOptions, "args" | "prefix" | "rig"> = {},
) {
  const daemon = await startDaemon({ models: model, env, ...options });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, `ZWO CCD ${model}`);
  // Not awaited: the daemon ends the connection when it stops.
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  return { daemon, observer, home: daemon.rig.home };
}

/** The messages about a camera from now on. */
export function messagesOf({ client, device }: Observer): readonly string[] {
  return overheard(client, (heard) => {
    const isOurs = "device" in heard && heard.device === device && "message" in heard;
    return isOurs ? heard.message : undefined;
  });
}

/** The pictures of a camera from now on. */
export function picturesOf({ client, device }: Observer): readonly OneBlob[] {
  return overheard(client, (heard) => {
    const isOurs = heard.tag === "set" && heard.kind === "BLOB" && heard.device === device;
    return isOurs ? heard.elements[0] : undefined;
  });
}

/** A list that grows with what is heard until the connection ends. */
function overheard<T>(client: IndiClient, pick: (heard: Message) => T | undefined): readonly T[] {
  const list: T[] = [];
  const listening = client.expect((heard) => {
    const picked = pick(heard);
    if (picked !== undefined) list.push(picked);
    return false;
  });
  // It ends with the connection.
  listening.catch(() => undefined);
  return list;
}
