import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import {
  callsFor,
  cameraProcess,
  closedRelays,
  eventually,
  type RelayTime,
  relayTimes,
} from "../support/steering.js";
import { Observer } from "./observer.js";

const CAMERA = 0;
const DEVICE = "ZWO CCD ASI290MM Mini";
const NS = "TELESCOPE_TIMED_GUIDE_NS";
const WE = "TELESCOPE_TIMED_GUIDE_WE";

/** How much shorter than asked a pulse may be, in milliseconds. */
const TOO_SHORT = 0.5;

async function guiding(): Promise<{ daemon: DaemonProcess; guide: Observer }> {
  const daemon = await startDaemon({ models: "ASI290MM Mini" });
  const guide = await Observer.at(daemon.port, DEVICE);
  await guide.connect();
  return { daemon, guide };
}

describe("while the daemon runs", () => {
  let daemon: DaemonProcess;
  let guide: Observer;
  let counted = 0;
  beforeAll(async () => {
    ({ daemon, guide } = await guiding());
  });
  afterAll(() => daemon.stop());

  /** The pulses since the last look, by the camera's own record. */
  function pulses(): RelayTime[] {
    const all = relayTimes(callsFor(daemon.rig, CAMERA));
    const recent = all.slice(counted);
    counted = all.length;
    return recent;
  }

  const length = ({ closed, opened }: RelayTime) => opened - closed;

  test("a pulse is as long as asked in every direction and never short", async () => {
    const errors: number[] = [];
    for (const milliseconds of [5, 20, 100, 500]) {
      for (const [vector, element] of [
        [NS, "TIMED_GUIDE_N"],
        [NS, "TIMED_GUIDE_S"],
        [WE, "TIMED_GUIDE_W"],
        [WE, "TIMED_GUIDE_E"],
      ] as const) {
        const answer = await guide.set(vector, { [element]: milliseconds });
        expect(answer.state).toBe("Idle");
        const [pulse, ...others] = pulses();
        expect(others).toEqual([]);
        expect(pulse).toMatchObject({
          direction: { N: "north", S: "south", W: "west", E: "east" }[element.slice(-1)],
        });
        errors.push(pulse === undefined ? Number.NaN : length(pulse) - milliseconds);
      }
    }
    expect(Math.min(...errors)).toBeGreaterThan(-TOO_SHORT);
    expect(errors.toSorted((a, b) => a - b)[errors.length / 2]).toBeLessThan(1);
  });

  test("both axes are guided at once", async () => {
    const answers = [guide.set(NS, { TIMED_GUIDE_N: 300 }), guide.set(WE, { TIMED_GUIDE_E: 200 })];
    await Promise.all(answers);
    const [north, east] = pulses();
    expect([north?.direction, east?.direction]).toEqual(["north", "east"]);
    if (north === undefined || east === undefined) throw new Error("There are two pulses.");
    expect(east.closed).toBeLessThan(north.opened);
    expect(east.opened).toBeLessThan(north.opened);
    expect(length(north)).toBeGreaterThan(300 - TOO_SHORT);
    expect(length(east)).toBeGreaterThan(200 - TOO_SHORT);
  });

  test("a pulse the other way opens the first relay before it closes its own", async () => {
    const end = guide.answer(NS);
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 1000, TIMED_GUIDE_S: 0 });
    await eventually("north is closed", () => closedRelays(daemon.rig, CAMERA) === "N---");
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 0, TIMED_GUIDE_S: 100 });
    expect((await end).state).toBe("Idle");
    const [north, south] = pulses();
    if (north === undefined || south === undefined) throw new Error("There are two pulses.");
    expect(length(north)).toBeLessThan(900);
    expect(south.direction).toBe("south");
    expect(south.closed).toBeGreaterThan(north.opened);
    expect(length(south)).toBeGreaterThan(100 - TOO_SHORT);
    expect(length(south)).toBeLessThan(130);
  });

  test("a longer pulse the same way replaces the one that runs, Busy throughout", async () => {
    const end = guide.answer(WE);
    guide.client.newNumbers(DEVICE, WE, { TIMED_GUIDE_W: 150, TIMED_GUIDE_E: 0 });
    await eventually("west is closed", () => closedRelays(daemon.rig, CAMERA) === "---W");
    guide.client.newNumbers(DEVICE, WE, { TIMED_GUIDE_W: 400, TIMED_GUIDE_E: 0 });
    const answer = await end;
    expect(answer).toMatchObject({
      state: "Idle",
      elements: [{ name: "TIMED_GUIDE_W", value: "400" }, { value: "0" }],
    });
    const last = pulses().at(-1);
    if (last === undefined) throw new Error("There is a pulse.");
    expect(length(last)).toBeGreaterThan(400 - TOO_SHORT);
  });

  test("0 and 0 end a pulse at once, and the axis is Idle", async () => {
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 5000, TIMED_GUIDE_S: 0 });
    await eventually("north is closed", () => closedRelays(daemon.rig, CAMERA) === "N---");
    const answer = await guide.set(NS, { TIMED_GUIDE_N: 0, TIMED_GUIDE_S: 0 });
    expect(answer).toMatchObject({ state: "Idle", elements: [{ value: "0" }, { value: "0" }] });
    expect(closedRelays(daemon.rig, CAMERA)).toBe("----");
    const [north] = pulses();
    if (north === undefined) throw new Error("There is a pulse.");
    expect(length(north)).toBeLessThan(2000);
  });

  test("the axis is Busy until the relay has opened", async () => {
    const states: string[] = [];
    const watching = guide.client.expect((heard) => {
      if (heard.tag !== "set" || heard.name !== NS) return false;
      if (heard.state !== "Busy") states.push(closedRelays(daemon.rig, CAMERA));
      return heard.state !== "Busy";
    });
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 0, TIMED_GUIDE_S: 250 });
    await eventually("south is closed", () => closedRelays(daemon.rig, CAMERA) === "-S--");
    const isBusy = () => guide.client.property(DEVICE, NS)?.state === "Busy" && true;
    await guide.client.until(isBusy, { timeout: 100 });
    expect(states).toEqual([]);
    await watching;
    expect(states).toEqual(["----"]);
    pulses();
  });

  test("a pulse in one direction does not repeat the last one in the other", async () => {
    await guide.set(NS, { TIMED_GUIDE_N: 20 });
    await guide.set(NS, { TIMED_GUIDE_S: 10 });
    expect(pulses().map(({ direction }) => direction)).toEqual(["north", "south"]);
  });

  test("pulses keep their length while the same camera takes pictures", async () => {
    const exposing = (async () => {
      for (let picture = 0; picture < 8; picture++) await guide.expose(0.05);
    })();
    for (let number = 0; number < 10; number++) await guide.set(WE, { TIMED_GUIDE_W: 50 });
    await exposing;
    const lengths = pulses().map(length);
    expect(lengths).toHaveLength(10);
    expect(Math.min(...lengths)).toBeGreaterThan(50 - TOO_SHORT);
    expect(lengths.toSorted((a, b) => a - b)[5]).toBeLessThan(51);
  });
});

describe("no relay stays closed", () => {
  async function inMidPulse() {
    const { daemon, guide } = await guiding();
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 20_000 });
    guide.client.newNumbers(DEVICE, WE, { TIMED_GUIDE_E: 20_000 });
    await eventually("both are closed", () => closedRelays(daemon.rig, CAMERA) === "N-E-");
    return { daemon, guide };
  }

  test("after the camera is disconnected", async () => {
    const { daemon, guide } = await inMidPulse();
    onTestFinished(() => daemon.stop());
    await guide.choose("CONNECTION", "DISCONNECT");
    expect(closedRelays(daemon.rig, CAMERA)).toBe("----");
  });

  test("after the client that asked has left, once its pulse is over", async () => {
    const { daemon, guide } = await guiding();
    onTestFinished(() => daemon.stop());
    guide.client.newNumbers(DEVICE, NS, { TIMED_GUIDE_N: 400 });
    await eventually("north is closed", () => closedRelays(daemon.rig, CAMERA) === "N---");
    await guide.client.close();
    await delay(300);
    await eventually("it is open", () => closedRelays(daemon.rig, CAMERA) === "----", 1_000);
  });

  test("after the daemon is told to end", async () => {
    const { daemon } = await inMidPulse();
    onTestFinished(() => daemon.rig.remove());
    await daemon.expectEnd(() => process.kill(daemon.pid, "SIGTERM"));
    expect(closedRelays(daemon.rig, CAMERA)).toBe("----");
  });

  test("after the daemon is killed", async () => {
    const { daemon } = await inMidPulse();
    onTestFinished(() => daemon.rig.remove());
    await daemon.kill();
    await eventually("they are open", () => closedRelays(daemon.rig, CAMERA) === "----", 3_000);
  });

  test("after the camera process is killed: its successor opens them before anything else", async () => {
    const { daemon, guide } = await inMidPulse();
    onTestFinished(() => daemon.stop());
    const answers = Promise.all([guide.answer(NS), guide.answer(WE)]);
    const victim = cameraProcess(daemon.rig, CAMERA);
    process.kill(victim, "SIGKILL");
    for (const { state } of await answers) expect(state).toBe("Alert");
    await eventually("another has it", () => cameraProcess(daemon.rig, CAMERA) !== victim);
    await eventually("they are open", () => closedRelays(daemon.rig, CAMERA) === "----", 2_000);
    const successor = cameraProcess(daemon.rig, CAMERA);
    const calls = callsFor(daemon.rig, CAMERA).filter(({ pid }) => pid === successor);
    const firstChange = calls.findIndex(({ name }) => /^ASI(Set|Pulse)/.test(name));
    expect(calls.slice(firstChange, firstChange + 4).map(({ name }) => name)).toEqual(
      Array(4).fill("ASIPulseGuideOff"),
    );
    expect((await guide.set(NS, { TIMED_GUIDE_S: 20 })).state).toBe("Idle");
  });
});
