import { afterAll, beforeAll, expect, it } from "vitest";
import { Conversation, valuesIn } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { live, turn } from "./definitions.js";

const DEVICE = "ZWO CCD ASI290MM Mini";

let daemon: DaemonProcess;
let peer: Conversation;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI290MM Mini" });
  peer = await Conversation.connect(daemon.port);
  await live(peer, DEVICE);
  await turn(peer, DEVICE, "CONNECT");
});
afterAll(() => daemon.stop());

function number(vector: string, element: string, value: string): string {
  return `<newNumberVector device="${DEVICE}" name="${vector}"><oneNumber name="${element}">${value}</oneNumber></newNumberVector>`;
}

it("counts an exposure down as Busy, sends the picture, and only then says Ok", async () => {
  const watcher = await Conversation.connect(daemon.port);
  watcher.send(`<getProperties version="1.7" device="${DEVICE}"/>`);
  await peer.send(`<enableBLOB device="${DEVICE}">Also</enableBLOB>`).hearAll();
  peer.send(number("CCD_EXPOSURE", "CCD_EXPOSURE_VALUE", "2.5"));
  await watcher.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
  watcher.close();

  const told = (await peer.hearAll()).filter(({ attributes: { name } }) =>
    ["CCD_EXPOSURE", "CCD1"].includes(name ?? ""),
  );
  const [picture, ended] = told.slice(-2);
  const countdown = told.slice(0, -2);
  expect(new Set(countdown.map(({ attributes }) => attributes.state))).toEqual(new Set(["Busy"]));
  const left = countdown.map((busy) => Number(valuesIn(busy).CCD_EXPOSURE_VALUE));
  expect(left[0]).toBe(2.5);
  expect(left.length).toBeGreaterThanOrEqual(4);
  expect(left).toEqual([...left].sort((a, b) => b - a));
  expect(picture).toMatchObject({
    tag: "setBLOBVector",
    attributes: { state: "Ok" },
    children: [{ attributes: { name: "CCD1", format: ".fits" } }],
  });
  const [file] = picture?.children ?? [];
  expect(file?.attributes.size).toBe(`${file?.data?.length}`);
  expect(file?.attributes).not.toHaveProperty("enclen");
  expect(ended).toMatchObject({ tag: "setNumberVector", attributes: { state: "Ok" } });
  expect(ended && valuesIn(ended)).toEqual({ CCD_EXPOSURE_VALUE: "0" });
});

it("keeps each axis Busy for the length of its pulse, then Idle", async () => {
  await peer.hearAll();
  const before = Date.now();
  peer.send(number("TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_N", "300"));
  peer.send(number("TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_E", "100"));
  await peer.expect("setNumberVector", { name: "TELESCOPE_TIMED_GUIDE_NS", state: "Busy" });
  await peer.expect("setNumberVector", { name: "TELESCOPE_TIMED_GUIDE_WE", state: "Busy" });
  await peer.expect("setNumberVector", { name: "TELESCOPE_TIMED_GUIDE_WE", state: "Idle" });
  expect(Date.now() - before).toBeGreaterThanOrEqual(100);
  await peer.expect("setNumberVector", { name: "TELESCOPE_TIMED_GUIDE_NS", state: "Idle" });
  expect(Date.now() - before).toBeGreaterThanOrEqual(300);
});

it("says that it is disconnected, then deletes all that the connection brought", async () => {
  const connected = [...(await live(peer, DEVICE)).keys()];
  await turn(peer, DEVICE, "DISCONNECT");
  const deleted = (await peer.hearAll()).filter(({ tag }) => tag === "delProperty");
  const always = [...(await live(peer, DEVICE)).keys()];
  expect([...always, ...deleted.map(({ attributes }) => attributes.name)]).toEqual(connected);
  expect(always).toContain("CONNECTION");
  expect(always).not.toContain("CCD_EXPOSURE");
});
