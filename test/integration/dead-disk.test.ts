import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { Message } from "../../src/indi/messages.js";
import { Rig, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const PATIENCE = { timeout: 60_000 };
const MODELS = ["ASI120MM", "ASI290MM Mini"] as const;

test("A disk that does not answer costs one camera the saving of a picture, which clients get, and no one else anything; its settings are not saved, a log waits, and the daemon ends in time", async () => {
  const rig = new Rig(MODELS.join(","));
  const dead = join(rig.home, "nas");
  const config = join(rig.home, `.indi/ZWO CCD ${MODELS[0]}_config.xml`);
  mkdirSync(dead);
  const prefix = [
    ...["strace", "-D", "-f", "-qq", "-o", "/dev/null"],
    ...["-P", join(dead, "night"), "-P", join(rig.home, ".indi/logs")],
    ...["-e", "inject=/^mkdir:delay_enter=45s"],
    ...["-P", join(dead, "video/dead.ser"), "-e", "inject=/^open:delay_enter=15s"],
  ];
  const daemon = await startDaemon({ models: "", rig, prefix });
  onTestFinished(() => daemon.stop());
  const [victim, other] = await Promise.all(
    MODELS.map(async (model) => {
      const observer = await Observer.at(daemon.port, `ZWO CCD ${model}`);
      onTestFinished(() => void observer.client.close());
      await observer.connect();
      await observer.choose("UPLOAD_MODE", "UPLOAD_LOCAL");
      return observer;
    }),
  );
  if (victim === undefined || other === undefined) throw new Error("There are no cameras.");
  await other.choose("DEBUG", "ENABLE");
  other.client.newSwitches(other.device, "LOG_OUTPUT", { FILE_DEBUG: true });
  victim.client.newTexts(victim.device, "UPLOAD_SETTINGS", { UPLOAD_DIR: join(dead, "night") });

  const { client } = victim;
  const toVictim = (heard: Message) =>
    heard.tag === "set" && heard.device === victim.device && heard;
  const blob = client.expect((heard) => {
    const told = toVictim(heard);
    return told && told.kind === "BLOB" && told.elements[0];
  }, PATIENCE);
  const answerOf = (name: string) =>
    client.expect((heard) => {
      const told = toVictim(heard);
      return told && told.name === name && told.state !== "Busy" && told;
    }, PATIENCE);
  const answer = answerOf("CCD_EXPOSURE");
  client.newNumbers(victim.device, "CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  for (let number = 1; number <= 6; number++) {
    const saved = await other.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
    expect(saved.state).toBe("Ok");
    expect(await other.choose("CONFIG_PROCESS", "CONFIG_SAVE")).toMatchObject({ state: "Ok" });
  }
  expect(await answer).toMatchObject({
    state: "Alert",
    message: `[ERROR] Cannot save ${dead}/night/IMAGE_XXX.fits: the disk has not answered for 31 s.`,
  });
  const picture = await blob;
  expect(readFits(picture?.data ?? Buffer.of())).toMatchObject({ width: 1280, height: 960 });

  client.newTexts(victim.device, "UPLOAD_SETTINGS", { UPLOAD_DIR: rig.home });
  const again = await victim.set("CCD_EXPOSURE", { CCD_EXPOSURE_VALUE: 0.01 });
  expect(again.state).toBe("Ok");

  client.newTexts(victim.device, "RECORD_FILE", {
    RECORD_FILE_DIR: join(dead, "video"),
    RECORD_FILE_NAME: "dead",
  });
  expect(await victim.choose("RECORD_STREAM", "RECORD_ON")).toMatchObject({
    state: "Alert",
    message: expect.stringMatching(
      /^\[ERROR\] Cannot record .*\/nas\/video\/dead\.ser: the disk has not answered for 5 s\.$/,
    ),
  });
  // Whoever opens it to write waits for somebody who reads.
  execFileSync("mkfifo", [`${config}.new`]);
  const saving = answerOf("CONFIG_PROCESS");
  client.newSwitches(victim.device, "CONFIG_PROCESS", { CONFIG_SAVE: true });
  expect(await saving).toMatchObject({
    state: "Alert",
    message: `[ERROR] ${config}: the disk has not answered for 30 s`,
  });
}, 120_000);
