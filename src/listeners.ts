import type { Config } from "./config.js";
import type { ClientOptions } from "./indi/client.js";
import type { Driver } from "./indi/driver.js";
import { errorText } from "./indi/errors.js";
import type { Denied } from "./indi/rights.js";
import { TcpServer, type TcpServerOptions } from "./indi/tcp-server.js";
import { LocalServer } from "./local-server.js";
import type { Log } from "./log.js";
import { sendBesideThrough } from "./send-beside.js";

/** Clients without TCP are on this machine. */
const HERE = "127.0.0.1";

/** Where clients find the daemon: INDI's port, its unix socket, and where wanted a port with TLS and one to look on. */
export class Listeners {
  readonly #config: Config;
  readonly #driver: Driver;
  readonly #log: Log;
  #localServer: LocalServer | undefined;
  readonly #servers: { readonly server: TcpServer; readonly note: string }[] = [];

  private constructor(driver: Driver, config: Config, log: Log) {
    this.#driver = driver;
    this.#config = config;
    this.#log = log;
  }

  /** Opens all of them or none; rejects with what TcpServer.listen() rejects with. */
  static async open(driver: Driver, config: Config, log: Log): Promise<Listeners> {
    const listeners = new Listeners(driver, config, log);
    try {
      await listeners.#openAll();
    } catch (error) {
      await listeners.close();
      throw error;
    }
    return listeners;
  }

  /** INDI's port. */
  get port(): number {
    return this.#servers[0]?.server.port ?? 0;
  }

  /** Reads the certificates again; where they cannot be used, those of before stay. */
  async reload(): Promise<void> {
    try {
      await Promise.all(this.#servers.map(({ server }) => server.reload()));
      this.#log.info("the certificates were read again");
    } catch (error) {
      this.#log.error(`the certificates stay what they were: ${errorText(error)}`);
    }
  }

  /** Stops to listen; clients stay until the driver closes them. */
  async close(): Promise<void> {
    this.#localServer?.close();
    await Promise.all(this.#servers.splice(0).map(({ server }) => server.close()));
  }

  toString(): string {
    return this.#servers.map(({ server, note }) => `port ${server.port}${note}`).join(", ");
  }

  async #openAll(): Promise<void> {
    const { port, tls, readOnlyPort } = this.#config;
    const refusal = (address: string) => this.#refusal(address);
    const denied = (address: string) => this.#denied(address);
    await this.#open("", { port, refusal, denied });
    await this.#openLocally();
    if (readOnlyPort !== undefined) {
      const change = "this port is for looking on only.";
      await this.#open(" for looking on", {
        port: readOnlyPort,
        refusal,
        denied: () => ({ change }),
      });
    }
    if (tls) {
      // Who has a certificate need not be near.
      const refusalOfAll = (address: string) => this.#ban(address);
      await this.#open(" with TLS", { port: tls.port, tls, refusal: refusalOfAll, denied });
    }
  }

  async #openLocally(): Promise<void> {
    const { unixSocket } = this.#config;
    if (unixSocket === undefined) return;
    const client = { ...this.#client, denied: this.#denied(HERE) };
    this.#localServer = await LocalServer.listen(this.#driver, unixSocket, client);
    if (this.#localServer === undefined) {
      this.#log.info(`${unixSocket} belongs to another server: clients use TCP`);
    }
  }

  async #open(note: string, options: TcpServerOptions): Promise<void> {
    const { listen } = this.#config;
    const server = await TcpServer.listen(this.#driver, {
      ...options,
      client: this.#client,
      sendBeside: sendBesideThrough,
      ...(listen.length > 0 ? { addresses: listen } : {}),
    });
    this.#servers.push({ server, note });
  }

  get #client(): ClientOptions {
    return { log: this.#log.part("client"), outboxLimit: this.#config.clientMemory };
  }

  #refusal(address: string): string | undefined {
    const { allow } = this.#config;
    const stranger = `--allow has only ${allow}; with "--allow ${allow} ${address}" it may connect`;
    return this.#ban(address) ?? (allow.includes(address) ? undefined : stranger);
  }

  #ban(address: string): string | undefined {
    const { deny } = this.#config;
    return deny.includes(address) ? `--deny has ${deny}` : undefined;
  }

  #denied(address: string): Denied {
    const { allowAdmin } = this.#config;
    if (allowAdmin.includes(address)) return {};
    return {
      admin: `it takes the consent of whoever runs the machine. Start indi-asid with "--allow-admin ${allowAdmin} ${address}" to permit it from here.`,
    };
  }
}
