import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { familyOf } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("../bin/indi-asid", import.meta.url));
const PROBE = fileURLToPath(new URL("./loop-delay.mjs", import.meta.url));
const STEERING = fileURLToPath(new URL("../simulator/build/asi-sim", import.meta.url));

/** A daemon on simulated cameras, started for one measurement. */
export class Daemon {
  #process;
  #directory;
  #log = "";

  constructor(process, directory) {
    this.#process = process;
    this.#directory = directory;
  }

  /**
   * Starts a daemon that serves these models on a free port; frames come without a transfer time, so that what
   * is measured is ours, unless `usb` says how many megabytes a second the cable carries. `isProbed` has its event
   * loop watched, see loopDelay(); `isTraced` has the cameras write down every call with its time; `home` is where it
   * has its settings, a new folder unless given.
   *
   * @param {string} models as `--simulate` takes them
   * @param {{ isProbed?: boolean, isTraced?: boolean, usb?: number, home?: string }} [options]
   */
  static async start(models, { isProbed = false, isTraced = false, usb = 0, home } = {}) {
    const directory = mkdtempSync(join(tmpdir(), "indi-asid-bench-"));
    const args = [PROGRAM, "serve", "--port", "0", "--listen", "127.0.0.1", "--simulate", models];
    args.push("--unix-socket", join(directory, "local"));
    const child = spawn(process.execPath, isProbed ? ["--import", PROBE, ...args] : args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        HOME: home ?? directory,
        ASI_SIM_STATE: join(directory, "state"),
        ASI_SIM_USB_MBPS: `${usb}`,
        ASI_SIM_PATTERN: "1",
        LOOP_DELAY_FILE: join(directory, "loop-delay"),
        ...(isTraced ? { ASI_SIM_TRACE: join(directory, "trace") } : {}),
      },
    });
    const daemon = new Daemon(child, directory);
    daemon.port = await daemon.#serving();
    return daemon;
  }

  /** The name for clients on this machine. */
  get localName() {
    return join(this.#directory, "local");
  }

  get pid() {
    return this.#process.pid;
  }

  /** Everything the daemon has written to standard error. */
  get log() {
    return this.#log;
  }

  /** The file with the calls of the cameras' library, a line each. */
  get tracePath() {
    return join(this.#directory, "trace");
  }

  /** The calls of the cameras' library so far, a line each. */
  get trace() {
    return readFileSync(this.tracePath, "latin1").split("\n");
  }

  /** When exposures began, in seconds of the trace's clock, the latest last. */
  get exposuresBegun() {
    return this.trace
      .filter((line) => line.includes(" ASIStartExposure "))
      .map((line) => Number(line.split(" ", 1)[0]));
  }

  /**
   * Runs the simulator's steering command and returns what it printed.
   *
   * @param {...string} words
   */
  steer(...words) {
    const env = { ...process.env, ASI_SIM_STATE: join(this.#directory, "state") };
    return execFileSync(STEERING, words, { env, encoding: "utf8" });
  }

  /** The processes of the daemon, itself first. */
  get pids() {
    return familyOf(this.pid);
  }

  /** How long the event loop was held up since the last time this was asked, in milliseconds. */
  async loopDelay() {
    const file = join(this.#directory, "loop-delay");
    rmSync(file, { force: true });
    this.#process.kill("SIGUSR2");
    for (;;) {
      await delay(5);
      try {
        return JSON.parse(readFileSync(file, "utf8"));
      } catch {
        // Not written yet, or not completely.
      }
    }
  }

  /** Ends the daemon at once if it still runs; its processes find out by themselves. */
  kill() {
    this.#process.kill("SIGKILL");
  }

  /** Ends the daemon and its processes; its exit code, null where it was killed. */
  async stop() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const [code] = await ended;
    rmSync(this.#directory, { recursive: true, force: true });
    return code;
  }

  #serving() {
    return new Promise((resolve, reject) => {
      this.#process.once("exit", () => reject(new Error(`The daemon ended:\n${this.#log}`)));
      this.#process.stderr.on("data", (text) => {
        this.#log += text;
        const port = /serving on port (\d+)/.exec(this.#log)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    });
  }
}
