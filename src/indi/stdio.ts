import type { Channel, Client, ClientOptions } from "./client.js";
import type { Driver } from "./driver.js";

/**
 * Serves the server that started this process on its standard input and output, which may be one
 * socket. The end of the input closes the client: the process is no longer wanted.
 */
export function serveStdio(
  driver: Driver,
  options: Omit<ClientOptions, "name" | "peer"> = {},
  { readable, writable }: Channel = { readable: process.stdin, writable: process.stdout },
): Client {
  return driver.attach({ readable, writable }, { ...options, name: "stdio", peer: "server" });
}
