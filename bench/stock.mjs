import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { familyOf } from "./processes.mjs";
import { WireClient } from "./wire-client.mjs";

const SERVER = "indiserver";
const DRIVER = "indi_simulator_ccd";

/** How long the server and its driver may take to start, in milliseconds. */
const PATIENCE = 10_000;

/** What a user would run instead: libindi's server with its simulated camera, as the system has them installed. */
export class StockServer {
  static device = "CCD Simulator";
  #process;
  #directory;

  constructor(process, directory, port) {
    this.#process = process;
    this.#directory = directory;
    this.port = port;
  }

  /** Whether the system has both. */
  static get isInstalled() {
    return [SERVER, DRIVER].every(isProgram);
  }

  /** Starts them on a free port, with settings in a folder of their own. */
  static async start() {
    const directory = mkdtempSync(join(tmpdir(), "indi-asid-bench-"));
    const port = await freePort();
    const args = ["-p", `${port}`, "-u", join(directory, "local"), DRIVER];
    const child = spawn(SERVER, args, {
      stdio: "ignore",
      env: { ...process.env, HOME: directory },
    });
    return new StockServer(child, directory, port);
  }

  /** A client of it, as soon as it takes some. */
  async client() {
    const givesUp = performance.now() + PATIENCE;
    for (;;) {
      try {
        return await WireClient.connect(this.port);
      } catch (error) {
        if (performance.now() > givesUp) throw error;
        await delay(10);
      }
    }
  }

  /** The processes of both. */
  get pids() {
    return familyOf(this.#process.pid);
  }

  /**
   * Connects the simulated camera and has its BLOBs sent; its sensor has that size, where it is given.
   *
   * @param {WireClient} client
   * @param {{ width: number, height: number }} [size] 8192 pixels either way at most
   */
  static async connectCamera(client, size) {
    const { device } = StockServer;
    client.send(`<getProperties version="1.7" device="${device}"/>`);
    await client.expect(/<defNumberVector [^>]*name="SIMULATOR_SETTINGS"/);
    client.send(`<enableBLOB device="${device}">Also</enableBLOB>`);
    if (size !== undefined) {
      client.setNumbers(device, "SIMULATOR_SETTINGS", {
        SIM_XRES: size.width,
        SIM_YRES: size.height,
      });
      await client.expect(/<setNumberVector [^>]*name="SIMULATOR_SETTINGS"/);
    }
    client.choose(device, "CONNECTION", "CONNECT");
    await client.expect(/<defNumberVector [^>]*name="CCD_EXPOSURE"/);
  }

  /** Ends both. */
  async stop() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function isProgram(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
