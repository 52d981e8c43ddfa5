import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { Conversation } from "../support/conversation.js";
import { startDaemon } from "../support/daemon.js";

test("a client turns on the log file and finds there what the camera did", async () => {
  const daemon = await startDaemon({ models: "ASI290MM Mini" });
  onTestFinished(() => daemon.stop());
  const peer = await Conversation.connect(daemon.port);
  onTestFinished(() => peer.close());
  const device = "ZWO CCD ASI290MM Mini";
  const turn = (name: string, element: string) =>
    peer.send(
      `<newSwitchVector device="${device}" name="${name}"><oneSwitch name="${element}">On</oneSwitch></newSwitchVector>`,
    );
  peer.send(`<getProperties version="1.7"/>`);
  turn("DEBUG", "ENABLE");
  await peer.expect("defSwitchVector", { name: "LOG_OUTPUT" });
  turn("LOGGING_LEVEL", "LOG_DEBUG");
  turn("LOG_OUTPUT", "FILE_DEBUG");
  const { attributes } = await peer.expect("message", { device });
  const path = attributes.message?.replace("[INFO] Session log file ", "") ?? "";
  expect(path.startsWith(`${daemon.rig.home}/.indi/logs/`)).toBe(true);
  turn("CONNECTION", "CONNECT");
  peer.send(
    `<newNumberVector device="${device}" name="CCD_EXPOSURE"><oneNumber name="CCD_EXPOSURE_VALUE">0.01</oneNumber></newNumberVector>`,
  );
  await peer.expect("setNumberVector", { name: "CCD_EXPOSURE", state: "Ok" });
  await expect
    .poll(() => readFileSync(path, "utf8"))
    .toMatch(/^DEBUG\t\d+\.\d{6} sec\t: \[ZWO CCD ASI290MM Mini\] Exposed 0\.01 s: 1936x1096/m);
});
