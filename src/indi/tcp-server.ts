import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { ClientOptions } from "./client.js";
import type { Driver } from "./driver.js";

/** Where and whom a server serves. */
export interface TcpServerOptions {
  /** 7624, INDI's own, if not given; 0 takes a free one. */
  readonly port?: number;
  /** All addresses of both families if not given. */
  readonly addresses?: readonly string[];
  /** The connections served at once; 64 if not given. */
  readonly maxConnections?: number;
  /** Whether a peer with this address may connect; everybody if not given. */
  readonly accept?: (address: string) => boolean;
  /** How each peer is treated. */
  readonly client?: Omit<ClientOptions, "name" | "peer">;
}

const INDI_PORT = 7624;
const MAX_CONNECTIONS = 64;
const KEEP_ALIVE_MS = 30_000;

/** Any address of IPv6, and with it of IPv4. */
const EVERYWHERE = "::";
const EVERYWHERE_IPV4 = "0.0.0.0";

/** Serves a driver's devices over TCP. */
export class TcpServer {
  readonly #driver: Driver;
  readonly #options: TcpServerOptions;
  readonly #servers: Server[] = [];
  #connections = 0;

  private constructor(driver: Driver, options: TcpServerOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  /** Begins to listen; rejects with the system's error if an address cannot be listened on. */
  static async listen(driver: Driver, options: TcpServerOptions = {}): Promise<TcpServer> {
    const server = new TcpServer(driver, options);
    try {
      for (const address of options.addresses ?? [EVERYWHERE]) await server.#listen(address);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** The port listened on. */
  get port(): number {
    const address = this.#servers[0]?.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** Stops to listen; the clients it brought stay until the driver closes them. */
  async close(): Promise<void> {
    for (const server of this.#servers.splice(0)) server.close();
  }

  async #listen(address: string): Promise<void> {
    try {
      await this.#listenOn(address);
    } catch (error) {
      const hasNoIpv6 = error instanceof Error && "code" in error && error.code === "EAFNOSUPPORT";
      if (!hasNoIpv6 || address !== EVERYWHERE) throw error;
      await this.#listenOn(EVERYWHERE_IPV4);
    }
  }

  async #listenOn(host: string): Promise<void> {
    const server = createServer({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    server.on("connection", (socket) => this.#serve(socket));
    // A free port is chosen once and then the same on all addresses.
    server.listen({ host, port: this.port || (this.#options.port ?? INDI_PORT) });
    await once(server, "listening");
    // What goes wrong later is one connection that could not be accepted.
    server.on("error", (error) => this.#options.client?.log?.warn(error.message));
    this.#servers.push(server);
  }

  #serve(socket: Socket): void {
    const { accept = () => true, maxConnections = MAX_CONNECTIONS, client } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? "");
    const refusal = !accept(address)
      ? "it may not connect"
      : this.#connections >= maxConnections && `there are ${maxConnections} connections already`;
    if (refusal) {
      client?.log?.warn(`${address} is turned away: ${refusal}`);
      socket.destroy();
      return;
    }
    this.#connections++;
    socket.on("close", () => this.#connections--);
    const name = `${address} port ${socket.remotePort}`;
    this.#driver.attach({ readable: socket, writable: socket }, { ...client, name });
  }
}

/** IPv4 peers of a socket for both families, as they are written otherwise. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
