import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Conversation } from "../support/conversation.js";
import { Rig, startDaemon, startDriver } from "../support/daemon.js";

test("under indiserver the other devices are asked before ours are defined, once for all cameras", async () => {
  const { program, peer } = startDriver(new Rig("ASI290MM Mini,ASI120MM"));
  onTestFinished(() => program.stop());
  await program.says(/2 camera\(s\) attached/);
  const heard = await peer.hearAll();
  const order = heard.map(({ tag, attributes }) => `${tag} ${attributes.name}`);
  const asked = order.filter((line) => line.startsWith("getProperties"));
  expect(asked).toHaveLength(11);
  expect(order.slice(0, 11)).toEqual(asked);
});

test("a daemon of its own asks the server it was told to snoop on", async () => {
  const other = createServer().listen(0);
  await once(other, "listening");
  const connected: Promise<Socket[]> = once(other, "connection");
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const daemon = await startDaemon({
    models: "ASI290MM Mini",
    args: ["--snoop", `localhost:${port}`],
  });
  onTestFinished(() => daemon.stop());
  const [socket] = await connected;
  if (!socket) throw new Error("no connection");
  const server = new Conversation(socket);
  await server.expect("getProperties", { device: "Telescope Simulator", name: "TELESCOPE_INFO" });
  await server.expect("getProperties", { device: "SQM", name: "SKY_QUALITY" });
});
