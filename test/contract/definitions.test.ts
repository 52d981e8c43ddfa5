import { afterAll, beforeAll, expect, it } from "vitest";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { compare } from "./definition-comparison.js";
import { asRow, explainedDifferences } from "./definition-differences.js";
import { live, readRecording, recordingOf } from "./definitions.js";

const MODELS = ["ASI2600MC Pro", "ASI120MM"] as const;

let daemon: DaemonProcess;
let peer: Conversation;
beforeAll(async () => {
  daemon = await startDaemon({ models: "", args: ["--simulate", MODELS.join()] });
  peer = await Conversation.connect(daemon.port);
});
afterAll(async () => {
  peer.close();
  await daemon.stop();
});

const explained = explainedDifferences().map(asRow);
const found = new Set<string>();

/** What the table does not explain, by when it is seen. */
async function unexplained(model: string, when: "before" | "connect" | "after") {
  const recording = readRecording(recordingOf(model, when));
  const comparisons = await compare(peer, `ZWO CCD ${model}`, recording);
  return comparisons.map(({ when, differences }) => {
    const rows = differences.map(asRow);
    for (const row of rows) found.add(row);
    return [when, rows.filter((row) => !explained.includes(row))];
  });
}

it.each(MODELS)("defines the %s before it is connected as the C++ driver does", async (model) => {
  const [first] = await unexplained(model, "before");
  expect(first).toEqual(["before it is connected", []]);
  const { device, definitions } = readRecording(recordingOf(model, "before"));
  expect([...(await live(peer, device)).keys()]).toEqual([...definitions.keys()]);
});

it.each(MODELS)("defines the connected %s as the C++ driver does", async (model) => {
  const [first] = await unexplained(model, "after");
  expect(first).toEqual(["connected", []]);
});

it.each(MODELS)("adds by connecting the %s what the C++ driver adds", async (model) => {
  const [first] = await unexplained(model, "connect");
  expect(first).toEqual(["by connecting", []]);
});

it.each(MODELS)("defines the %s again as at first after a reconnection", async (model) => {
  const [, before] = await unexplained(model, "before");
  expect(before).toEqual(["disconnected again", []]);
  const [, after] = await unexplained(model, "after");
  expect(after).toEqual(["connected again", []]);
  const [, added] = await unexplained(model, "connect");
  expect(added).toEqual(["by connecting again", []]);
});

it("explains no difference that there is not", () => {
  expect(explained.filter((row) => !found.has(row))).toEqual([]);
});
