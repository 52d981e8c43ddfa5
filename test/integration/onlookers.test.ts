import { afterAll, beforeAll, expect, it } from "vitest";
import { readFits } from "../../src/fits/index.js";
import { Conversation } from "../support/conversation.js";
import { type DaemonProcess, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const DEVICE = "ZWO CCD ASI1600MM Pro";

let daemon: DaemonProcess;
let observer: Observer;
beforeAll(async () => {
  daemon = await startDaemon({ models: "ASI1600MM Pro", env: { ASI_SIM_PATTERN: "1" } });
  observer = await Observer.at(daemon.port, DEVICE);
  await observer.connect();
});
afterAll(() => daemon.stop());

it("A client that takes no pictures, but wants them, costs the one who works a pause and no exposure", async () => {
  const onlooker = await Conversation.connect(daemon.port);
  onlooker.send(`<getProperties version="1.7"/><enableBLOB device="${DEVICE}">Also</enableBLOB>`);
  await onlooker.hearAll();
  onlooker.pause();
  for (let number = 0; number < 4; number++) {
    const { data } = await observer.expose(0.01);
    expect(readFits(data)).toMatchObject({ width: 4656, height: 3520 });
  }
  expect(daemon.stderr).toMatch(/is closed: it holds up faster clients/);
});

it("A bias of no time is taken, whatever the camera's shortest exposure is", async () => {
  await observer.choose("CCD_FRAME_TYPE", "FRAME_BIAS");
  const { data } = await observer.expose(0);
  expect(readFits(data).keywords.get("EXPTIME")).toBeCloseTo(32e-6);
  await observer.choose("CCD_FRAME_TYPE", "FRAME_LIGHT");
});

it("An exposure that is refused ends in Alert with the value 0", async () => {
  expect(await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 1e9 })).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/Invalid range/),
  });
  expect(observer.values("CCD_EXPOSURE")).toEqual({ CCD_EXPOSURE_VALUE: "0" });
});
