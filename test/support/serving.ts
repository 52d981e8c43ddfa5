import { onTestFinished } from "vitest";
import type { Driver } from "../../src/indi/driver.js";
import { TcpServer, type TcpServerOptions } from "../../src/indi/tcp-server.js";
import { Conversation } from "./conversation.js";

/** Serves a driver on a free port until the test is over. */
export async function serving(driver: Driver, options: TcpServerOptions = {}): Promise<TcpServer> {
  const server = await TcpServer.listen(driver, { port: 0, ...options });
  onTestFinished(async () => {
    await server.close();
    await driver.close();
  });
  return server;
}

/** A conversation that ends with the test; the peer may come from an address of its own. */
export async function conversation(
  port: number,
  host?: string,
  from?: string,
): Promise<Conversation> {
  const peer = await Conversation.connect(port, host, from);
  onTestFinished(() => peer.close());
  return peer;
}
