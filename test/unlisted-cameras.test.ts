import { expect, test } from "vitest";
import { Driver } from "../src/indi/driver.js";
import { UnlistedCameras } from "../src/unlisted-cameras.js";
import { conversation, serving } from "./support/serving.js";

test("clients and the log hear of a camera that the vendor library does not list, once, those that come later too", async () => {
  const driver: Driver = new Driver({ warnings: () => unlisted.told });
  const { port } = await serving(driver);
  const logged: string[] = [];
  const unlisted = new UnlistedCameras(driver, { warn: (text) => void logged.push(text) });
  const peer = await conversation(port);
  peer.send(`<getProperties version="1.7"/>`);
  await peer.hearAll();
  const camera = { port: "1-2", product: "ASI290MM Mini", productId: "290f", isKnown: true };
  const text =
    "The camera ASI290MM Mini (USB 03c3:290f, port 1-2) is not found by the vendor library: plug it in again, and see that this user may use it (udev rules).";
  unlisted.tell([camera]);
  unlisted.tell([camera]);
  const { attributes } = await peer.expect("message");
  expect(attributes.message).toBe(`[WARNING] ${text}`);
  expect(attributes.device).toBeUndefined();
  await peer.expectNothing("message");
  expect(logged).toEqual([text]);
  const later = await conversation(port);
  later.send(`<getProperties version="1.7"/>`);
  await later.expect("message", { message: `[WARNING] ${text}` });
  await later.send(`<getProperties version="1.7"/>`).expectNothing("message");
  unlisted.tell([]);
  unlisted.tell([camera]);
  await peer.expect("message");
});
