import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI290MM Mini";
const MIB = 1024 * 1024;

/** What a client may cost while it does its worst: what it may send at once, and what may wait for it. */
const MOST_GROWTH = 100 * MIB;

const DURATION_MS = 1_500;

let daemon: DaemonProcess;
let observer: Observer;
const sockets: Socket[] = [];
beforeEach(async () => {
  daemon = await startDaemon({ models: "ASI290MM Mini" });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
  await observer.expose();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await daemon.stop();
});

async function stranger(): Promise<Socket> {
  const socket = connect(daemon.port, "localhost");
  sockets.push(socket);
  await once(socket, "connect");
  return socket.on("error", () => {});
}

/** Sends the same again and again, as fast as it is taken. */
async function flood(text: string, opening = ""): Promise<void> {
  const socket = await stranger();
  const bytes = Buffer.from(text.repeat(Math.ceil(MIB / text.length)));
  socket.write(opening);
  const more = () => void socket.write(bytes, (error) => !error && more());
  more();
}

async function everySecond(text: string): Promise<void> {
  const socket = await stranger();
  const timer = setInterval(() => socket.write(text), 1_000);
  socket.on("close", () => clearInterval(timer));
}

/** Memory of the daemon itself, in bytes. */
const memory = () =>
  1024 * Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/status`, "utf8"))?.[1]);

const descriptors = () => readdirSync(`/proc/${daemon.pid}/fd`).length;

it.each<[string, () => Promise<void>]>([
  [
    "sends gigabytes of a BLOB",
    () => flood("AAAA", `<newBLOBVector device="C" name="B"><oneBLOB>`),
  ],
  [
    "announces enormous BLOBs",
    () => flood(`<newBLOBVector><oneBLOB size="2000000000"/></newBLOBVector>`),
  ],
  ["sends gigabytes of nothing", () => flood("\n")],
  ["sends gigabytes of what INDI does not know", () => flood(`<nonsense a="b"/>`)],
  ["sends an element without an end", () => flood("<a/>", "<b>")],
  ["asks for everything all the time and never reads", () => flood("<getProperties/>")],
  [
    "sets what there is and what there is not, all the time",
    () =>
      flood(
        `<newNumberVector device="${DEVICE}" name="CCD_CONTROLS"><oneNumber name="Gain">x</oneNumber></newNumberVector><newTextVector device="No" name="B"/>`,
      ),
  ],
  ["says a byte a second", () => everySecond("<")],
  ["says nothing", async () => void (await stranger())],
])("One that %s costs little memory and nobody's pictures", async (_, act) => {
  const before = { memory: memory(), descriptors: descriptors() };
  for (let number = 0; number < 3; number++) await act();
  const peer = await Conversation.connect(daemon.port);
  let highest = 0;
  let pictures = 0;
  for (const end = Date.now() + DURATION_MS; Date.now() < end; pictures++) {
    const { data } = await observer.expose();
    expect(readFits(data)).toMatchObject({ width: 1936, height: 1096 });
    await peer.hearAll();
    highest = Math.max(highest, memory());
  }
  expect(pictures).toBeGreaterThan(0);
  expect(highest - before.memory).toBeLessThan(MOST_GROWTH);
  peer.close();
  for (const socket of sockets) socket.destroy();
  // What they had sent before is still taken, at the rate that is fair.
  for (let tries = 0; tries < 1_000 && descriptors() > before.descriptors; tries++) await delay(20);
  expect(descriptors()).toBeLessThanOrEqual(before.descriptors);
});
