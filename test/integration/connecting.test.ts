import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Client, lines } from "../contract/client.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { callsFor, eventually } from "../support/steering.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI2600MC Pro";
const CAMERA = 0;

/** A daemon with a cooled camera that nobody has connected yet, for one test. */
async function camera(): Promise<{ daemon: DaemonProcess; observer: Observer }> {
  const daemon = await startDaemon({
    models: "ASI2600MC Pro,ASI120MM",
    env: { ASI_SIM_PATTERN: "1", ASI_SIM_COOLER_SECONDS: "0.2" },
  });
  onTestFinished(() => daemon.stop());
  return { daemon, observer: await Observer.at(daemon.port, DEVICE) };
}

/** Settings as they may have been saved by either driver. */
function saved(daemon: DaemonProcess, xml: string): void {
  mkdirSync(join(daemon.rig.home, ".indi"), { recursive: true });
  const path = join(daemon.rig.home, `.indi/${DEVICE}_config.xml`);
  writeFileSync(path, `<INDIDriver>\n${xml}\n</INDIDriver>\n`);
}

const COOLER_ON = `<newSwitchVector device="${DEVICE}" name="CCD_COOLER">
  <oneSwitch name="COOLER_ON">On</oneSwitch><oneSwitch name="COOLER_OFF">Off</oneSwitch>
</newSwitchVector>`;

const isCooling = (daemon: DaemonProcess) => /2600MC Pro.* on /.test(daemon.rig.steer("status"));

it("begins with 16 bits, also where saved settings say nothing of the format", async () => {
  const { daemon, observer } = await camera();
  saved(
    daemon,
    `<newNumberVector device="${DEVICE}" name="POLLING_PERIOD"><oneNumber name="PERIOD_MS">500</oneNumber></newNumberVector>`,
  );
  await observer.connect();
  expect(observer.values("CCD_CAPTURE_FORMAT").ASI_IMG_RAW16).toBe("On");
  expect(observer.values("CCD_INFO").CCD_BITSPERPIXEL).toBe("16");
  expect(readFits((await observer.expose()).data).bits).toBe(16);
});

it("leaves the cooler off that saved settings have on, until somebody loads them", async () => {
  const { daemon, observer } = await camera();
  saved(daemon, COOLER_ON);
  await observer.connect();
  await observer.expose();
  expect(isCooling(daemon)).toBe(false);
  expect(observer.values("CCD_COOLER").COOLER_ON).toBe("Off");
  await observer.choose("CONFIG_PROCESS", "CONFIG_LOAD");
  expect(isCooling(daemon)).toBe(true);
});

it("shows a cooler as on that was left on", async () => {
  const { daemon, observer } = await camera();
  await observer.connect();
  await observer.choose("CCD_COOLER", "COOLER_ON");
  await observer.choose("CONNECTION", "DISCONNECT");
  await observer.connect();
  expect(isCooling(daemon)).toBe(true);
  expect(observer.values("CCD_COOLER")).toEqual({ COOLER_ON: "On", COOLER_OFF: "Off" });
});

it("shows the USB bandwidth it begins with, says nothing untrue, and takes the saved one", async () => {
  const { daemon, observer } = await camera();
  const client = await Client.at(daemon.port, DEVICE);
  client.getProperties(DEVICE);
  await observer.connect();
  const said = (await client.peer.hearAll()).filter(({ tag }) => tag === "message");
  expect(lines(said)).toEqual([]);
  expect(observer.values("CCD_CONTROLS").BandWidth).toBe("40");
  expect(observer.values("CCD_CONTROLS_MODE").AUTO_BandWidth).toBe("Off");
  saved(
    daemon,
    `<newNumberVector device="${DEVICE}" name="CCD_CONTROLS"><oneNumber name="BandWidth">77</oneNumber></newNumberVector>`,
  );
  await observer.choose("CONFIG_PROCESS", "CONFIG_LOAD");
  expect(observer.values("CCD_CONTROLS").BandWidth).toBe("77");
});

it("closes a camera that cannot be initialised, and connects it when asked again", async () => {
  const { daemon, observer } = await camera();
  daemon.rig.steer("fail", "ASIInitCamera", "16", "1", "--camera", `${CAMERA}`);
  const refused = await observer.choose("CONNECTION", "CONNECT");
  expect(refused).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/^\[ERROR\] ASIInitCamera failed \(ASI_ERROR_GENERAL_ERROR\)/),
    elements: [
      { name: "CONNECT", value: "Off" },
      { name: "DISCONNECT", value: "On" },
    ],
  });
  const last = callsFor(daemon.rig, CAMERA).findLast(({ name }) => /Init|Close/.test(name));
  expect(last).toMatchObject({ name: "ASICloseCamera", result: "0" });
  await observer.connect();
  await observer.expose();
});

it("works after a reconnection as before", async () => {
  const { observer } = await camera();
  await observer.connect();
  await observer.set("CCD_CONTROLS", { Gain: 100 });
  await observer.choose("CONNECTION", "DISCONNECT");
  await observer.connect();
  expect(await observer.set("CCD_CONTROLS", { Gain: 200 })).toMatchObject({ state: "Ok" });
  await observer.choose("CCD_CONTROLS_MODE", "AUTO_Gain");
  expect(observer.values("CCD_CONTROLS_MODE").AUTO_Gain).toBe("On");
  expect(await observer.set("CCD_CONTROLS", { Gain: 150 })).toMatchObject({ state: "Ok" });
  expect(observer.values("CCD_CONTROLS_MODE").AUTO_Gain).toBe("Off");
  const { keywords } = readFits((await observer.expose()).data);
  expect(keywords.get("GAIN")).toBe(150);
});

it("opens a camera once for its serial number, and not while it is in use", async () => {
  const { daemon, observer } = await camera();
  const opens = () =>
    callsFor(daemon.rig, CAMERA).filter(({ name }) => name === "ASIOpenCamera").length;
  expect(opens()).toBe(1);
  await observer.connect();
  expect(opens()).toBe(2);
  daemon.rig.steer("unplug", "--camera", "1");
  await eventually("the other one is missed", () => /ASI120MM: unplugged/.test(daemon.stderr));
  daemon.rig.steer("plug", "--camera", "1");
  await observer.expose(3);
  expect(opens()).toBe(2);
});

it("writes no line in the log for a slider that is moved", async () => {
  const { daemon, observer } = await camera();
  await observer.connect();
  const client = await Client.at(daemon.port, DEVICE);
  await client.getProperties(DEVICE).peer.hearAll();
  for (let gain = 1; gain <= 20; gain++) await observer.set("CCD_CONTROLS", { Gain: gain });
  const said = await client.peer.hearAll();
  expect(
    lines(said.filter(({ tag, attributes }) => tag === "message" || attributes.message)),
  ).toEqual([]);
});

it("tells in detail what one camera does without telling of the other", async () => {
  const { daemon, observer } = await camera();
  const other = await Observer.at(daemon.port, "ZWO CCD ASI120MM");
  await Promise.all([observer.connect(), other.connect()]);
  const client = await Client.at(daemon.port, DEVICE);
  client.getProperties();
  await observer.choose("DEBUG", "ENABLE");
  client.switches("DEBUG_LEVEL", { DBG_DEBUG: "On" });
  await client.settled("Switch", "DEBUG_LEVEL");
  await Promise.all([observer.expose(), other.expose()]);
  const details = (await client.peer.hearAll()).filter(({ attributes }) =>
    attributes.message?.startsWith("[DEBUG]"),
  );
  expect(details.map(({ attributes }) => attributes.device)).toEqual([DEVICE]);
});
