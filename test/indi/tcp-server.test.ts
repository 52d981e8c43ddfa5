import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { Device } from "../../src/indi/device.js";
import { Driver } from "../../src/indi/driver.js";
import { TcpServer } from "../../src/indi/tcp-server.js";
import { conversation, serving } from "../support/serving.js";

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

/** The number of clients, when it is this one or a second has passed. */
async function clients(driver: Driver, expected: number): Promise<number> {
  for (let tries = 0; tries < 100 && driver.clients.length !== expected; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return driver.clients.length;
}

describe("a server", () => {
  test("serves IPv4 and, where there is any, IPv6 on one port", async () => {
    const driver = new Driver();
    const { port } = await serving(driver);
    for (const host of ["127.0.0.1", ...(hasIpv6 ? ["::1"] : [])]) {
      const peer = await conversation(port, host);
      peer.send(`<pingRequest uid="${host}"/>`);
      await peer.expect("pingReply", { uid: host });
    }
    expect(driver.clients[0]?.name).toMatch(/^127\.0\.0\.1 port \d+$/);
  });

  test("listens only where it is told", async () => {
    const { port } = await serving(new Driver(), { addresses: ["127.0.0.1", "127.0.0.2"] });
    await conversation(port, "127.0.0.1");
    await conversation(port, "127.0.0.2");
    await expect(conversation(port, "127.0.0.3")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("says why it cannot listen", async () => {
    const { port } = await serving(new Driver());
    await expect(TcpServer.listen(new Driver(), { port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test("turns away whom it may not serve, and one more than it may", async () => {
    const driver = new Driver();
    const seen: string[] = [];
    const { port } = await serving(driver, {
      maxConnections: 1,
      refusal: (address) => (seen.push(address) > 1 ? undefined : "nobody is expected"),
    });
    await (await conversation(port, "127.0.0.1")).expectEnd();
    const second = await conversation(port, "127.0.0.1");
    await second.hearAll();
    await (await conversation(port, "127.0.0.1")).expectEnd();
    expect(seen).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
    second.close();
    expect(await clients(driver, 0)).toBe(0);
    await (await conversation(port, "127.0.0.1")).hearAll();
  });

  test("leaves half of its connections to other addresses", async () => {
    const driver = new Driver();
    const { port } = await serving(driver, { maxConnections: 4 });
    const own = await Promise.all(["127.0.0.1", "127.0.0.1"].map((at) => conversation(port, at)));
    for (const peer of own) await peer.hearAll();
    await (await conversation(port, "127.0.0.1")).expectEnd();
    const other = await conversation(port, "127.0.0.1", "127.0.0.2");
    await other.hearAll();
    own[0]?.close();
    expect(await clients(driver, 2)).toBe(2);
    await (await conversation(port, "127.0.0.1")).hearAll();
  });

  test("closes its clients after they got what waits for them", async () => {
    const driver = new Driver();
    const device = new Device("Camera");
    driver.add(device);
    const { port } = await serving(driver);
    const peer = await conversation(port);
    await peer.send(`<getProperties version="1.7"/>`).hearAll();
    device.message("goodbye");
    await driver.close();
    await peer.expect("message", { message: "[INFO] goodbye" });
    await peer.expectEnd();
    expect(driver.clients).toEqual([]);
  });

  test("closes clients that do not read, after a moment", async () => {
    const driver = new Driver();
    const device = new Device("Camera");
    driver.add(device);
    const { port } = await serving(driver);
    const peer = await conversation(port);
    await peer.send(`<getProperties version="1.7"/>`).hearAll();
    peer.pause();
    for (let n = 0; n < 100; n++) device.message("x".repeat(200_000));
    await driver.close();
    expect(driver.clients).toEqual([]);
  });

  test("carries out what a client asked before it ended its side", async () => {
    const driver = new Driver();
    const { port } = await serving(driver);
    const socket = connect(port, "localhost");
    onTestFinished(() => void socket.destroy());
    socket.end(`<pingRequest uid="1"/>`);
    const [reply] = await once(socket, "data");
    expect(String(reply)).toBe(`<pingReply uid="1"/>\n`);
    await once(socket, "end");
  });
});
