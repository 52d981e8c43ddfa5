import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Observer } from "../integration/observer.js";
import { pattern } from "../integration/pattern.js";
import { Rig, startDaemon } from "../support/daemon.js";

const MODEL = "ASI290MM Mini";
const DEVICE = `ZWO CCD ${MODEL}`;
const SENSOR = { left: 0, top: 0, width: 1936, height: 1096, binning: 1, frame: 0 };

const SAVED = `<INDIDriver>
<newSwitchVector device="${DEVICE}" name="FLIP">
  <oneSwitch name="FLIP_HORIZONTAL">On</oneSwitch><oneSwitch name="FLIP_VERTICAL">Off</oneSwitch>
</newSwitchVector>
</INDIDriver>
`;

test("a flip that was saved is in the pictures, not only on the screen", async () => {
  const rig = new Rig(MODEL, { ASI_SIM_PATTERN: "1" });
  mkdirSync(join(rig.home, ".indi"));
  writeFileSync(join(rig.home, ".indi", `${DEVICE}_config.xml`), SAVED);
  const daemon = await startDaemon({ models: MODEL, rig });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, DEVICE);
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  expect(observer.values("FLIP")).toEqual({ FLIP_HORIZONTAL: "On", FLIP_VERTICAL: "Off" });
  const { pixels } = readFits((await observer.expose()).data);
  const top = pattern({ ...SENSOR, height: 1 }, 12);
  expect(pixels.slice(0, SENSOR.width)).toEqual(top.reverse());
});
