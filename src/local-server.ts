import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Writable } from "node:stream";
import type { HandOver } from "./indi/attached-blob.js";
import type { ClientOptions } from "./indi/client.js";
import type { Driver } from "./indi/driver.js";
import {
  isUnixSocket,
  listenAbstract,
  PosixError,
  sendDescriptor,
  socketDescriptor,
} from "./posix/index.js";
import { sendBesideThrough } from "./send-beside.js";

const MAX_CONNECTIONS = 64;

/** Serves a driver's devices to clients on this machine, which take BLOBs by descriptor. */
export class LocalServer {
  readonly #driver: Driver;
  readonly #client: ClientOptions;
  readonly #server: Server;

  private constructor(driver: Driver, client: ClientOptions) {
    this.#driver = driver;
    this.#client = client;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Begins to listen under a name in Linux's abstract namespace; INDI clients look for `/tmp/indiserver`.
   * Undefined where another program has the name.
   */
  static async listen(
    driver: Driver,
    name: string,
    client: ClientOptions,
  ): Promise<LocalServer | undefined> {
    try {
      const server = new LocalServer(driver, client);
      server.#server.listen({ fd: listenAbstract(name) });
      await once(server.#server, "listening");
      server.#server.on("error", (error) => client.log?.warn(error.message));
      return server;
    } catch (error) {
      if (error instanceof PosixError && error.code === "EADDRINUSE") return undefined;
      throw error;
    }
  }

  /** Stops to listen; the clients it brought stay until the driver closes them. */
  close(): void {
    this.#server.close();
  }

  #serve(socket: Socket): void {
    const channel = { readable: socket, writable: socket };
    this.#driver.attach(channel, {
      ...this.#client,
      name: "local client",
      handOver: handOverThrough(socket),
      sendBeside: sendBesideThrough(socket),
    });
  }
}

/** How descriptors go to the peer of a stream; undefined where it is no unix socket. */
export function handOverThrough(stream: Writable): HandOver | undefined {
  const socket = socketDescriptor(stream);
  if (socket === undefined || !isUnixSocket(socket)) return undefined;
  return (bytes, descriptor) => {
    try {
      return sendDescriptor(socket, bytes, descriptor);
    } catch (error) {
      if (!(error instanceof PosixError)) throw error;
      // The peer is gone, or this program may not send: the connection is of no more use.
      stream.destroy(error);
      return true;
    }
  };
}
