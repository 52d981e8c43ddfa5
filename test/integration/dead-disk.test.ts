import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFits } from "../../src/fits/index.js";
import type { Message } from "../../src/indi/messages.js";
import { Rig, startDaemon } from "../support/daemon.js";
import { Observer } from "./observer.js";

const PATIENCE = { timeout: 60_000 };
const MODELS = ["ASI120MM", "ASI290MM Mini"] as const;

test("A disk that does not answer costs one camera the saving of a picture, which clients get, and no one else anything", async () => {
  const rig = new Rig(MODELS.join(","));
  const dead = join(rig.home, "nas");
  mkdirSync(dead);
  const prefix = [
    ...["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-P", join(dead, "night")],
    ...["-e", "inject=/^mkdir:delay_enter=600s"],
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
  victim.client.newTexts(victim.device, "UPLOAD_SETTINGS", { UPLOAD_DIR: join(dead, "night") });

  const { client } = victim;
  const toVictim = (heard: Message) =>
    heard.tag === "set" && heard.device === victim.device && heard;
  const blob = client.expect((heard) => {
    const told = toVictim(heard);
    return told && told.kind === "BLOB" && told.elements[0];
  }, PATIENCE);
  const answer = client.expect((heard) => {
    const told = toVictim(heard);
    return told && told.name === "CCD_EXPOSURE" && told.state !== "Busy" && told;
  }, PATIENCE);
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
}, 90_000);
