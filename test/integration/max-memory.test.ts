import { expect, onTestFinished, test } from "vitest";
import { Rig, startDaemon, startDriver } from "../support/daemon.js";
import { Observer } from "./observer.js";

const CAMERA = "ASI1600MM Pro";

test("With --max-memory pictures and videos that do not fit are refused, and smaller ones are taken", async () => {
  const daemon = await startDaemon({ models: CAMERA, args: ["--max-memory", "20M"] });
  onTestFinished(() => daemon.stop());
  const observer = await Observer.at(daemon.port, `ZWO CCD ${CAMERA}`);
  onTestFinished(() => void observer.client.close());
  await observer.connect();
  await observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16");
  expect(await observer.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 })).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/picture of 33 MB does not fit into the 20 MB for pictures/),
  });
  expect(await observer.choose("CCD_VIDEO_STREAM", "STREAM_ON")).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(/video of these frames needs 197 MB of memory, and 20 MB are/),
  });
  await observer.choose("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW8");
  expect((await observer.expose()).data.length).toBeGreaterThan(16e6);
});

test("Under indiserver INDI_ASID_MAX_MEMORY does the same", async () => {
  const rig = new Rig(CAMERA, { INDI_ASID_MAX_MEMORY: "10M" });
  onTestFinished(() => rig.remove());
  const { program, peer } = startDriver(rig);
  const device = `ZWO CCD ${CAMERA}`;
  peer.send('<getProperties version="1.7"/>');
  await peer.expect("defSwitchVector", { device, name: "CONNECTION" });
  peer.send(
    `<newSwitchVector device="${device}" name="CONNECTION"><oneSwitch name="CONNECT">On</oneSwitch></newSwitchVector>` +
      `<newNumberVector device="${device}" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>`,
  );
  const answer = await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Alert" });
  expect(answer.attributes.message).toMatch(/does not fit into the 10 MB for pictures/);
  await program.expectEnd(() => peer.close());
});
