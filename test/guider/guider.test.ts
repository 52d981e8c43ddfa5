import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { guider } from "../../src/guider/guider.js";
import { RecordedDevice } from "../support/recorded-device.js";
import { openCamera } from "../support/simulated-camera.js";
import { callsFor, eventually, relayTimes } from "../support/steering.js";

const NS = "TELESCOPE_TIMED_GUIDE_NS";
const WE = "TELESCOPE_TIMED_GUIDE_WE";

/** A simulated camera's guide port as an INDI guider, for one test. */
async function guidePort() {
  const { rig, camera } = await openCamera("ASI290MM Mini");
  const device = new RecordedDevice();
  device.onConnect((connection) => guider(connection, camera));
  onTestFinished(() => device.disconnect());
  device.ask("Switch", "CONNECTION", { CONNECT: "On" });
  await eventually("it is connected", () => device.isConnected);
  device.told();
  const lines: string[] = [];
  return {
    device,
    rig,
    camera,
    directions: () => relayTimes(callsFor(rig, 0)).map(({ direction }) => direction),
    /** What clients are told of an axis, up to its first word that is not Busy. */
    async untilRest(name: string): Promise<string[]> {
      const own = () => lines.filter((line) => line.startsWith(name));
      await eventually(`${name} rests`, () => {
        lines.push(...device.told());
        return own().some((line) => !line.includes("Busy"));
      });
      const told = own();
      lines.splice(0);
      return told;
    },
  };
}

test("A pulse is Busy with its length, then Idle with the same", async () => {
  const { device, untilRest, directions } = await guidePort();
  device.ask("Number", NS, { TIMED_GUIDE_N: "0", TIMED_GUIDE_S: "40" });
  expect(await untilRest(NS)).toEqual([
    `${NS} Busy TIMED_GUIDE_N=0,TIMED_GUIDE_S=40`,
    `${NS} Idle TIMED_GUIDE_N=0,TIMED_GUIDE_S=40`,
  ]);
  expect(directions()).toEqual(["south"]);
});

test("Of two directions at once the first of the axis counts: north, and west", async () => {
  const { device, untilRest, directions } = await guidePort();
  device.ask("Number", NS, { TIMED_GUIDE_N: "10", TIMED_GUIDE_S: "40" });
  await untilRest(NS);
  device.ask("Number", WE, { TIMED_GUIDE_W: "10", TIMED_GUIDE_E: "40" });
  expect((await untilRest(WE)).at(-1)).toBe(`${WE} Idle TIMED_GUIDE_W=10,TIMED_GUIDE_E=0`);
  expect(directions()).toEqual(["north", "west"]);
});

test("0 and 0 without a pulse is Idle and moves nothing", async () => {
  const { device, untilRest, directions } = await guidePort();
  device.ask("Number", WE, { TIMED_GUIDE_W: "0", TIMED_GUIDE_E: "0" });
  expect((await untilRest(WE)).at(-1)).toBe(`${WE} Idle TIMED_GUIDE_W=0,TIMED_GUIDE_E=0`);
  expect(directions()).toEqual([]);
});

test("A pulse longer than a minute is refused", async () => {
  const { device, untilRest, directions } = await guidePort();
  device.ask("Number", NS, { TIMED_GUIDE_N: "60001" });
  expect((await untilRest(NS)).at(-1)).toMatch(/Alert .*Valid range is from 0 to 60000/);
  expect(directions()).toEqual([]);
});

test("A relay that the camera will not close is an Alert with its reason", async () => {
  const { device, rig, untilRest } = await guidePort();
  rig.steer("fail", "ASIPulseGuideOn", "16");
  device.ask("Number", NS, { TIMED_GUIDE_N: "20" });
  expect((await untilRest(NS)).at(-1)).toMatch(
    /Alert .*ASIPulseGuideOn failed \(ASI_ERROR_GENERAL_ERROR\)/,
  );
  device.ask("Number", NS, { TIMED_GUIDE_N: "20" });
  expect((await untilRest(NS)).at(-1)).toMatch(/Idle/);
});

test("A relay that the camera will not open is tried again until it is, and told", async () => {
  const { device, rig, untilRest } = await guidePort();
  rig.steer("fail", "ASIPulseGuideOff", "16");
  device.ask("Number", NS, { TIMED_GUIDE_N: "20" });
  expect((await untilRest(NS)).at(-1)).toMatch(/Alert|Idle/);
  await eventually("the relay is open", () => rig.steer("status").includes("----"), 3_000);
});

test("Pulses that replace each other never close both relays of an axis, and leave none closed", async () => {
  const { device, rig, untilRest } = await guidePort();
  for (let number = 0; number < 40; number++) {
    const [north, south] = number % 2 === 0 ? (["5000", "0"] as const) : (["0", "5000"] as const);
    device.ask("Number", NS, { TIMED_GUIDE_N: north, TIMED_GUIDE_S: south });
    await delay(3);
  }
  device.ask("Number", NS, { TIMED_GUIDE_N: "0", TIMED_GUIDE_S: "0" });
  expect((await untilRest(NS)).at(-1)).toMatch(/Idle/);
  expect(rig.steer("status")).toContain("----");
  const pulses = relayTimes(callsFor(rig, 0));
  expect(pulses.length).toBeGreaterThan(10);
  for (const [index, { closed }] of pulses.entries()) {
    const before = pulses[index - 1];
    if (before !== undefined) expect(closed).toBeGreaterThan(before.opened);
  }
});
