import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Conversation, valuesIn } from "../support/conversation.js";
import { type DaemonProcess, Rig, startDaemon, startDriver } from "../support/daemon.js";
import { callsFor, relayTimes } from "../support/steering.js";
import { Client, lines, linesOf } from "./client.js";
import { live, turn } from "./definitions.js";

/*
 * The conversations that clients of the C++ driver are used to, word for word where words matter to
 * them, and better where that driver's own are known to be bad.
 */

const MONO = "ZWO CCD ASI290MM Mini";
const COOLED = "ZWO CCD ASI2600MC Pro";

let daemon: DaemonProcess;
beforeAll(async () => {
  daemon = await startDaemon({
    models: "ASI290MM Mini,ASI2600MC Pro",
    env: { ASI_SIM_COOLER_SECONDS: "1" },
  });
  const peer = await Conversation.connect(daemon.port);
  await live(peer, MONO);
  await turn(peer, MONO, "CONNECT");
  peer.close();
});
afterAll(() => daemon.stop());

/** A client of a connected camera, who has heard all there is to hear so far. */
async function listening(device: string): Promise<Client> {
  const client = await Client.at(daemon.port, device);
  client.getProperties(device).enableBlob("Also", device);
  await client.peer.hearAll();
  return client;
}

describe("the start under indiserver", () => {
  it("is answered with what to snoop on and the definitions of the unconnected camera, and nothing else", async () => {
    const rig = new Rig("ASI2600MC Pro");
    const { program, peer } = startDriver(rig);
    onTestFinished(() => rig.remove());
    peer.send('<getProperties version="1.7"/>');
    const said = await peer.hearUntil("defTextVector", { name: "ACTIVE_DEVICES" });
    expect(said.map(({ tag, attributes: { name } }) => `${tag} ${name}`)).toEqual([
      "getProperties EQUATORIAL_EOD_COORD",
      "getProperties EQUATORIAL_COORD",
      "getProperties TELESCOPE_INFO",
      "getProperties GEOGRAPHIC_COORD",
      "getProperties TELESCOPE_PIER_SIDE",
      "getProperties ABS_ROTATOR_ANGLE",
      "getProperties ABS_FOCUS_POSITION",
      "getProperties FOCUS_TEMPERATURE",
      "getProperties FILTER_SLOT",
      "getProperties FILTER_NAME",
      "getProperties SKY_QUALITY",
      "defSwitchVector CONNECTION",
      "defTextVector DRIVER_INFO",
      "defNumberVector POLLING_PERIOD",
      "defSwitchVector DEBUG",
      "defTextVector NICKNAME",
      "defSwitchVector SIMULATION",
      "defSwitchVector CONFIG_PROCESS",
      "defTextVector ACTIVE_DEVICES",
    ]);
    const defined = said.filter(({ tag }) => tag !== "getProperties");
    expect(new Set(defined.map(({ attributes }) => attributes.device))).toEqual(new Set([COOLED]));
    await program.expectEnd(() => peer.close());
  });

  it("takes no name from a server that begins by asking for another device", async () => {
    const rig = new Rig("ASI2600MC Pro");
    const { program, peer } = startDriver(rig);
    onTestFinished(() => rig.remove());
    peer.send('<getProperties version="1.7" device="Somebody Else"/>');
    peer.send('<getProperties version="1.7"/>');
    const { attributes } = await peer.expect("defSwitchVector", { name: "CONNECTION" });
    expect(attributes.device).toBe(COOLED);
    await program.expectEnd(() => peer.close());
  });

  it("leads to pictures one after the other, though nobody answers pings", async () => {
    const rig = new Rig("ASI120MM");
    const { program, peer } = startDriver(rig);
    onTestFinished(() => rig.remove());
    const client = new Client(peer, "ZWO CCD ASI120MM").getProperties();
    await client.defined("Switch", "CONNECTION");
    client.switches("CONNECTION", { CONNECT: "On" });
    await client.defined("Text", "SDK");
    const began = performance.now();
    for (let number = 0; number < 3; number++) {
      client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
      await client.picture();
      await client.settled("Number", "CCD_EXPOSURE");
    }
    // A driver that waits for the reply to its ping takes 5 s more for each.
    expect(performance.now() - began).toBeLessThan(5_000);
    await program.expectEnd(() => peer.close());
  });
});

describe("a connection", () => {
  it("is Busy, then Ok, then defines each property once, complete and with its final limits", async () => {
    const client = await listening(COOLED);
    client.switches("CONNECTION", { CONNECT: "On" });
    await client.peer.expect("setSwitchVector", { name: "CONNECTION", state: "Busy" });
    const isOk = await client.peer.expect("setSwitchVector", { name: "CONNECTION" });
    expect(lines([isOk])).toEqual(["CONNECTION Ok CONNECT=On DISCONNECT=Off"]);
    const said = (await client.peer.hearAll()).filter(({ tag }) => tag !== "message");
    expect(said.filter(({ tag }) => !tag.startsWith("def"))).toEqual([]);
    const names = said.map(({ attributes: { name } }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(said.filter(({ children }) => children.length === 0)).toEqual([]);

    const now = await live(client.peer, COOLED);
    expect([...now.keys()].slice(-names.length)).toEqual(names);
    const limits = said.find(({ attributes: { name } }) => name === "CCD_FRAME");
    expect(limits?.children.map(({ attributes: { max } }) => max)).toEqual([
      "6247",
      "4175",
      "6248",
      "4176",
    ]);
  });

  it("says at its end that it is over, then deletes all that it brought", async () => {
    const client = await listening(COOLED);
    const connected = [...(await live(client.peer, COOLED)).keys()];
    client.switches("CONNECTION", { DISCONNECT: "On" });
    await client.peer.expect("setSwitchVector", { name: "CONNECTION", state: "Idle" });
    const deleted = (await client.peer.hearAll()).filter(({ tag }) => tag === "delProperty");
    const always = [...(await live(client.peer, COOLED)).keys()];
    expect([...always, ...deleted.map(({ attributes }) => attributes.name)]).toEqual(connected);
    expect(always).toContain("CONNECTION");
    expect(always).not.toContain("CCD_EXPOSURE");
  });
});

describe("an exposure", () => {
  it("of 3.4 s is told once, then once a second, and ends with the picture before Ok", async () => {
    const client = await listening(MONO);
    const began = performance.now();
    client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 3.4 });
    const said = await client.peer.hearUntil("setNumberVector", {
      name: "CCD_EXPOSURE",
      state: "Ok",
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(3400);
    expect(linesOf(said, "CCD_EXPOSURE", "CCD1")).toEqual([
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=3.4",
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=3",
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=2",
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=1",
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0",
      "CCD1 Ok .fits 4253760",
      "CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0",
    ]);
    expect(lines(said.filter(({ tag }) => tag === "message"))).toEqual([
      "message [INFO] Taking a 3.4 seconds frame...",
    ]);
    expect(said.filter(({ attributes: { name } }) => name === "DRIVER_INFO")).toEqual([]);
    const times = said.map(({ attributes: { timestamp = "" } }) => timestamp);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(times).toEqual(times.toSorted());
    expect(new Set(times).size).toBeGreaterThanOrEqual(4);
    const [file] = said.find(({ tag }) => tag === "setBLOBVector")?.children ?? [];
    expect(file?.attributes).toEqual({ name: "CCD1", size: "4253760", format: ".fits" });
    expect(file?.data?.length).toBe(4253760);
  });

  it("of 0.05 s is told exactly, without a countdown", async () => {
    const client = await listening(MONO);
    client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.05 });
    const said = await client.peer.hearUntil("setNumberVector", {
      name: "CCD_EXPOSURE",
      state: "Ok",
    });
    expect(linesOf(said, "CCD_EXPOSURE", "CCD1")).toEqual([
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0.05",
      "CCD_EXPOSURE Busy CCD_EXPOSURE_VALUE=0",
      "CCD1 Ok .fits 4253760",
      "CCD_EXPOSURE Ok CCD_EXPOSURE_VALUE=0",
    ]);
  });
});

describe("frame and binning", () => {
  it("are answered with what the camera really does, and the pictures are so", async () => {
    const client = await listening(MONO);
    const answer = async (name: string) => {
      await client.settled("Number", name);
      return (await live(client.peer, MONO)).get("CCD_FRAME");
    };
    client.numbers("CCD_FRAME", { X: 10, Y: 11, WIDTH: 333, HEIGHT: 201 });
    expect(valuesIn(await client.settled("Number", "CCD_FRAME"))).toEqual({
      X: "10",
      Y: "11",
      WIDTH: "333",
      HEIGHT: "201",
    });
    client.numbers("CCD_FRAME", { WIDTH: 400 });
    const merged = await answer("CCD_FRAME");
    expect(lines(merged ? [merged] : [])).toEqual([
      "def CCD_FRAME Ok X=10 Y=11 WIDTH=400 HEIGHT=201",
    ]);

    client.numbers("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
    const said = await client.peer.hearUntil("setNumberVector", {
      name: "CCD_BINNING",
      state: "Ok",
    });
    const told = linesOf(said, "CCD_STREAM_FRAME", "CCD_FRAME", "CCD_BINNING");
    expect(told.filter((line) => !line.startsWith("CCD_BINNING Busy"))).toEqual([
      "CCD_STREAM_FRAME Ok X=0 Y=0 WIDTH=200 HEIGHT=100",
      "CCD_FRAME Ok X=10 Y=10 WIDTH=400 HEIGHT=200",
      "CCD_BINNING Ok HOR_BIN=2 VER_BIN=2",
    ]);
    client.numbers("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(readFits((await client.picture()).data)).toMatchObject({ width: 200, height: 100 });

    client.numbers("CCD_BINNING", { HOR_BIN: 1, VER_BIN: 1 });
    const unbinned = await answer("CCD_BINNING");
    expect(lines(unbinned ? [unbinned] : [])).toEqual([
      "def CCD_FRAME Ok X=10 Y=11 WIDTH=400 HEIGHT=201",
    ]);
    client.switches("CCD_FRAME_RESET", { RESET: "On" });
    await client.peer.expect("setSwitchVector", { name: "CCD_FRAME_RESET", state: "Ok" });
  });

  it("do not keep the Alert of a refusal once the frame has changed again", async () => {
    const client = await listening(MONO);
    client.numbers("CCD_FRAME", { X: 1935, Y: 0, WIDTH: 100, HEIGHT: 100 });
    expect((await client.settled("Number", "CCD_FRAME")).attributes.state).toBe("Alert");
    client.numbers("CCD_BINNING", { HOR_BIN: 2, VER_BIN: 2 });
    await client.settled("Number", "CCD_BINNING");
    const frame = (await live(client.peer, MONO)).get("CCD_FRAME");
    expect(frame?.attributes.state).toBe("Ok");
    client.switches("CCD_FRAME_RESET", { RESET: "On" });
    await client.settled("Switch", "CCD_FRAME_RESET");
    const binning = (await live(client.peer, MONO)).get("CCD_BINNING");
    expect(binning && valuesIn(binning)).toEqual({ HOR_BIN: "2", VER_BIN: "2" });
    client.numbers("CCD_BINNING", { HOR_BIN: 1, VER_BIN: 1 });
    await client.settled("Number", "CCD_BINNING");
  });
});

describe("cooling", () => {
  it("to 15.4 C ends Ok at 15, and turning the cooler off leaves nothing Busy", async () => {
    const client = await listening(COOLED);
    client.switches("CONNECTION", { CONNECT: "On" });
    await client.defined("Text", "SDK");
    await client.peer.hearAll();
    client.numbers("CCD_TEMPERATURE", { CCD_TEMPERATURE_VALUE: 15.4 });
    const said = await client.peer.hearUntil("setNumberVector", {
      name: "CCD_TEMPERATURE",
      state: "Ok",
    });
    const temperatures = linesOf(said, "CCD_TEMPERATURE");
    expect(temperatures[0]).toMatch(/^CCD_TEMPERATURE Busy /);
    expect(Math.abs(Number(temperatures.at(-1)?.split("=")[1]) - 15)).toBeLessThanOrEqual(0.2);
    expect(linesOf(said, "CCD_COOLER")).toEqual(["CCD_COOLER Ok COOLER_ON=On COOLER_OFF=Off"]);
    expect(lines(said.filter(({ tag }) => tag === "message"))).toEqual([
      "message [INFO] Setting temperature to 15.00 C.",
    ]);
    const powers = linesOf(said, "CCD_COOLER_POWER");
    expect(powers.at(-1)).toMatch(/^CCD_COOLER_POWER Busy CCD_COOLER_VALUE=[1-9]/);

    client.switches("CCD_COOLER", { COOLER_OFF: "On" });
    await client.peer.expect("setSwitchVector", { name: "CCD_COOLER", state: "Idle" });
    const off = await client.peer.expect("setNumberVector", {
      name: "CCD_COOLER_POWER",
      state: "Idle",
    });
    expect(valuesIn(off)).toEqual({ CCD_COOLER_VALUE: "0" });
    const busy = [...(await live(client.peer, COOLED)).values()].filter(
      ({ attributes: { state } }) => state === "Busy",
    );
    expect(lines(busy)).toEqual([]);
    client.switches("CONNECTION", { DISCONNECT: "On" });
    await client.peer.expect("setSwitchVector", { name: "CONNECTION", state: "Idle" });
  });
});

describe("guide pulses", () => {
  const NS = "TELESCOPE_TIMED_GUIDE_NS";
  const WE = "TELESCOPE_TIMED_GUIDE_WE";

  it("of 300 ms north and 200 ms east run side by side and end Idle one after the other", async () => {
    const client = await listening(MONO);
    const began = performance.now();
    client.numbers(NS, { TIMED_GUIDE_N: 300, TIMED_GUIDE_S: 0 });
    client.numbers(WE, { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 200 });
    const said = await client.peer.hearUntil("setNumberVector", { name: WE, state: "Idle" });
    expect(performance.now() - began).toBeGreaterThanOrEqual(200);
    expect(linesOf(said, NS, WE)).toEqual([
      `${NS} Busy TIMED_GUIDE_N=300 TIMED_GUIDE_S=0`,
      `${WE} Busy TIMED_GUIDE_W=0 TIMED_GUIDE_E=200`,
      `${WE} Idle TIMED_GUIDE_W=0 TIMED_GUIDE_E=200`,
    ]);
    const rest = await client.peer.hearUntil("setNumberVector", { name: NS, state: "Idle" });
    expect(performance.now() - began).toBeGreaterThanOrEqual(300);
    expect(linesOf(rest, NS, WE)).toEqual([`${NS} Idle TIMED_GUIDE_N=300 TIMED_GUIDE_S=0`]);
  });

  it("turned round on the way stay Busy, and only one relay of the axis is closed at a time", async () => {
    const client = await listening(MONO);
    const earlier = relayTimes(callsFor(daemon.rig, 0)).length;
    client.numbers(NS, { TIMED_GUIDE_N: 800, TIMED_GUIDE_S: 0 });
    await client.peer.expect("setNumberVector", { name: NS, state: "Busy" });
    client.numbers(NS, { TIMED_GUIDE_N: 0, TIMED_GUIDE_S: 300 });
    const said = await client.peer.hearUntil("setNumberVector", { name: NS, state: "Idle" });
    expect(linesOf(said, NS, WE)).toEqual([
      `${NS} Busy TIMED_GUIDE_N=0 TIMED_GUIDE_S=300`,
      `${NS} Idle TIMED_GUIDE_N=0 TIMED_GUIDE_S=300`,
    ]);
    const [north, south] = relayTimes(callsFor(daemon.rig, 0)).slice(earlier);
    expect([north?.direction, south?.direction]).toEqual(["north", "south"]);
    expect(north?.opened).toBeLessThan(south?.closed ?? 0);
  });
});

describe("a stream", () => {
  const started =
    "message [INFO] Starting the video stream with target exposure 0.100000 s (Max theoretical FPS 10)";

  it("of 0.1 s a frame is Busy until it is turned off, and tells how it fares a few times a second", async () => {
    const client = await listening(MONO);
    const began = performance.now();
    client.switches("CCD_VIDEO_STREAM", { STREAM_ON: "On", STREAM_OFF: "Off" });
    const on = await client.peer.hearUntil("setBLOBVector");
    const more: (typeof on)[number][] = [];
    for (let frame = 2; frame <= 20; frame++) {
      more.push(...(await client.peer.hearUntil("setBLOBVector")));
    }
    client.switches("CCD_VIDEO_STREAM", { STREAM_ON: "Off", STREAM_OFF: "On" });
    const off = await client.peer.hearUntil("setSwitchVector", {
      name: "CCD_VIDEO_STREAM",
      state: "Idle",
    });
    const seconds = (performance.now() - began) / 1_000;
    const said = [...on, ...more, ...off];
    expect(lines(said.filter(({ tag }) => tag === "message"))).toEqual([started]);
    expect(linesOf(on, "CCD_VIDEO_STREAM").at(-1)).toBe(
      "CCD_VIDEO_STREAM Busy STREAM_ON=On STREAM_OFF=Off",
    );
    expect(linesOf(more, "CCD_VIDEO_STREAM")).toEqual([]);
    const silence = await client.peer.hearAll();
    const ends = linesOf([...off, ...silence], "CCD_VIDEO_STREAM");
    expect(ends.filter((line) => !line.includes("Busy"))).toEqual([
      "CCD_VIDEO_STREAM Idle STREAM_ON=Off STREAM_OFF=On",
    ]);
    // One byte for each pixel of the whole sensor, although the camera's format has two.
    expect(new Set(linesOf(said, "CCD1"))).toEqual(new Set([`CCD1 Ok .stream ${1936 * 1096}`]));
    for (const name of ["FPS", "STREAM_DELAY", "STREAM_STATS"]) {
      const told = linesOf(said, name);
      expect(told.length, name).toBeGreaterThanOrEqual(3);
      expect(told.length, name).toBeLessThanOrEqual(3 * seconds + 2);
      expect(told.at(-1), name).toMatch(new RegExp(`^${name} Idle `));
    }
    expect(said.filter(({ tag }) => tag === "pingRequest")).toEqual([]);
    expect(linesOf(said, "CCD_EXPOSURE", "DRIVER_INFO")).toEqual([]);
    const rest = await client.peer.hearAll();
    expect(linesOf(rest, "CCD1")).toEqual([]);
  });

  it("as MJPEG is pictures of the part that is asked for, also where clients want compression", async () => {
    const client = await listening(MONO);
    for (const [name, element] of [
      ["CCD_STREAM_ENCODER", "MJPEG"],
      ["CCD_COMPRESSION", "INDI_ENABLED"],
    ] as const) {
      client.switches(name, { [element]: "On" });
      expect((await client.settled("Switch", name)).attributes.state).toBe("Ok");
    }
    client.numbers("CCD_STREAM_FRAME", { X: 100, Y: 50, WIDTH: 320, HEIGHT: 240 });
    await client.settled("Number", "CCD_STREAM_FRAME");
    client.switches("CCD_VIDEO_STREAM", { STREAM_ON: "On" });
    for (let frame = 0; frame < 3; frame++) {
      const { format, size, data } = await client.picture();
      expect({ format, size }).toEqual({ format: ".stream_jpg", size: `${data.length}` });
      const decoded = execFileSync("djpeg", { input: data });
      expect(decoded.toString("latin1", 0, 15)).toBe("P5\n320 240\n255\n");
    }
    client.switches("CCD_VIDEO_STREAM", { STREAM_OFF: "On" });
    await client.peer.expect("setSwitchVector", { name: "CCD_VIDEO_STREAM", state: "Idle" });
    client.switches("CCD_STREAM_ENCODER", { RAW: "On" });
    client.switches("CCD_COMPRESSION", { INDI_DISABLED: "On" });
    client.numbers("CCD_STREAM_FRAME", { X: 0, Y: 0, WIDTH: 1936, HEIGHT: 1096 });
    await client.settled("Number", "CCD_STREAM_FRAME");
  });
});
