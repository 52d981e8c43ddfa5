import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { type Difference, differences, live, recorded, turn } from "./definitions.js";

const MODELS = ["ASI2600MC Pro", "ASI120MM"] as const;

let daemon: DaemonProcess;
let peer: Conversation;
beforeAll(async () => {
  // The home directory of the recordings shows in RECORD_FILE and UPLOAD_SETTINGS.
  daemon = await startDaemon({ models: MODELS.join(), env: { HOME: "/home/user" } });
  peer = await Conversation.connect(daemon.port);
});
afterAll(async () => {
  peer.close();
  await daemon.stop();
});

/** The differences that docs/properties.md explains, a line each. */
const explained = readFileSync(new URL("../../docs/properties.md", import.meta.url), "utf8")
  .split("## Differences")[1]
  ?.split("\n")
  .filter((line) => /^\| [^-]/.test(line))
  .slice(1)
  .map((line) => line.split(" | ").slice(0, 3).join(" | "));

const found = new Set<string>();

function asLines(list: readonly Difference[]): string[] {
  const lines = list.map(({ property, ours, theirs }) => `| ${property} | ${ours} | ${theirs}`);
  for (const line of lines) found.add(line);
  return lines;
}

const unexplained = (list: readonly Difference[]) =>
  asLines(list).filter((line) => !explained?.includes(line));

it.each(MODELS)("defines the %s before it is connected as the C++ driver does", async (model) => {
  const ours = await live(peer, `ZWO CCD ${model}`);
  const theirs = recorded(model, "before");
  expect(unexplained(differences(ours, theirs))).toEqual([]);
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
});

it.each(MODELS)("defines the connected %s as the C++ driver does", async (model) => {
  const device = `ZWO CCD ${model}`;
  await turn(peer, device, "CONNECT");
  const ours = await live(peer, device);
  expect(unexplained(differences(ours, recorded(model, "after")))).toEqual([]);
});

it.each(MODELS)("defines the %s again as at first after a reconnection", async (model) => {
  const device = `ZWO CCD ${model}`;
  await turn(peer, device, "DISCONNECT");
  expect(unexplained(differences(await live(peer, device), recorded(model, "before")))).toEqual([]);
  await turn(peer, device, "CONNECT");
  expect(unexplained(differences(await live(peer, device), recorded(model, "after")))).toEqual([]);
});

it("explains no difference that there is not", () => {
  expect(explained?.filter((line) => !found.has(line))).toEqual([]);
});
