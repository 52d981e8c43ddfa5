import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { ClientOptions } from "./client.js";
import type { Driver } from "./driver.js";
import { OnceAMinute } from "./once-a-minute.js";
import type { SendBeside } from "./outbox.js";
import type { Denied } from "./rights.js";
import { Tls, type TlsFiles } from "./tls.js";

/** Where and whom a server serves. */
export interface TcpServerOptions {
  /** 7624, INDI's own, if not given; 0 takes a free one. */
  readonly port?: number;
  /** All addresses of both families if not given. */
  readonly addresses?: readonly string[];
  /** The connections served at once, of which one address may have half; 64 if not given. */
  readonly maxConnections?: number;
  /** Why a peer with this address may not connect; everybody may if not given. */
  readonly refusal?: (address: string) => string | undefined;
  /** The rights a peer with this address does not have; it has all if not given. */
  readonly denied?: (address: string) => Denied;
  /** How what is long is sent through a socket on another thread, as far as that is possible. */
  readonly sendBeside?: (socket: Socket) => SendBeside | undefined;
  /** Speaks TLS, with certificates on both sides. */
  readonly tls?: TlsFiles;
  /** How each peer is treated. */
  readonly client?: Omit<ClientOptions, "name" | "peer" | "denied" | "onDenied">;
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
  readonly #refusals: OnceAMinute;
  #tls: Tls | undefined;
  /** How many there are of each address. */
  readonly #connections = new Map<string, number>();

  private constructor(driver: Driver, options: TcpServerOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#refusals = new OnceAMinute((line) => options.client?.log?.warn(line));
  }

  /**
   * Begins to listen; rejects with the system's error if an address cannot be listened on, and with a TlsFileError if a
   * file for TLS is not what it should be.
   */
  static async listen(driver: Driver, options: TcpServerOptions = {}): Promise<TcpServer> {
    const server = new TcpServer(driver, options);
    if (options.tls) await server.#speakTls(options.tls);
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

  /** Reads the files for TLS again; rejects with a TlsFileError, and then goes on with what they were. */
  async reload(): Promise<void> {
    await this.#tls?.reload();
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

  async #speakTls(files: TlsFiles): Promise<void> {
    this.#tls = await Tls.load(files, {
      onSecure: (socket) => this.#attach(socket),
      onRefused: (socket, reason) => {
        this.#refusals.tell(`${addressOf(socket)} is turned away: TLS: ${reason}`);
        socket.destroy();
      },
    });
  }

  #serve(socket: Socket): void {
    const address = addressOf(socket);
    const reason = this.#options.refusal?.(address) ?? this.#crowd(address);
    if (reason !== undefined) {
      this.#refusals.tell(`${address} is turned away: ${reason}`);
      socket.destroy();
      return;
    }
    this.#count(address, 1);
    socket.on("close", () => this.#count(address, -1));
    if (this.#tls) this.#tls.take(socket);
    else this.#attach(socket);
  }

  /** Why there is no room for one more connection of this address. */
  #crowd(address: string): string | undefined {
    const { maxConnections = MAX_CONNECTIONS } = this.#options;
    const mostOfOne = Math.ceil(maxConnections / 2);
    const total = [...this.#connections.values()].reduce((a, b) => a + b, 0);
    if (total >= maxConnections) return `there are ${maxConnections} connections already`;
    const own = this.#connections.get(address) ?? 0;
    return own >= mostOfOne ? `it has ${mostOfOne} connections already` : undefined;
  }

  #count(address: string, change: number): void {
    const count = (this.#connections.get(address) ?? 0) + change;
    if (count === 0) this.#connections.delete(address);
    else this.#connections.set(address, count);
  }

  #attach(socket: Socket): void {
    const { denied, client, sendBeside } = this.#options;
    const address = addressOf(socket);
    this.#driver.attach(
      { readable: socket, writable: socket },
      {
        ...client,
        name: `${address} port ${socket.remotePort}`,
        denied: denied?.(address) ?? {},
        // What TLS sends is not what it is given.
        sendBeside: this.#tls ? undefined : sendBeside?.(socket),
        onDenied: (property) => this.#refusals.tell(`${address} may not change ${property}`),
      },
    );
  }
}

/** Who is at the other end; IPv4 peers of a socket for both families are written as they are otherwise. */
function addressOf({ remoteAddress = "" }: Socket): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.)/, "");
}
