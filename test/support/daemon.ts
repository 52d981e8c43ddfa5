import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Conversation } from "./conversation.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The programs under test and what they run on, as built in this checkout. */
export const PROGRAMS = {
  directory: join(ROOT, "bin"),
  daemon: join(ROOT, "bin/indi-asid"),
  driver: join(ROOT, "bin/indi_asid_ccd"),
  simulator: join(ROOT, "simulator/build/libASICamera2.so"),
  steering: join(ROOT, "simulator/build/asi-sim"),
} as const;

/** The program promises to end within this time, in milliseconds. */
const STOP_LIMIT = 3_000;

const START_LIMIT = 20_000;

/** Simulated hardware with a home directory of its own, and the means to steer it. */
export class Rig {
  readonly #directory = mkdtempSync(join(tmpdir(), "indi-asid-test-"));
  /** What programs that shall use this hardware need in their environment. */
  readonly env: NodeJS.ProcessEnv;

  /** `models` as `--simulate` takes them; `env` adds to the environment, or replaces. */
  constructor(models: string, env: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.home);
    this.env = {
      PATH: process.env.PATH,
      NODE_OPTIONS: process.env.NODE_OPTIONS,
      HOME: this.home,
      ASI_SDK_LIB: PROGRAMS.simulator,
      ASI_SIM_CAMERAS: models,
      ASI_SIM_STATE: join(this.#directory, "state"),
      ASI_SIM_TRACE: this.#tracePath,
      ASI_SIM_USB_MBPS: "0",
      ...env,
    };
  }

  get home(): string {
    return join(this.#directory, "home");
  }

  get #tracePath(): string {
    return join(this.#directory, "trace");
  }

  /** Runs the simulator's steering command and returns what it printed. */
  steer(...words: readonly string[]): string {
    return execFileSync(PROGRAMS.steering, words, { env: this.env, encoding: "utf8" });
  }

  /** The calls of the vendor library so far, one line each. */
  trace(): string[] {
    return readFileSync(this.#tracePath, "utf8").split("\n");
  }

  /** Forgets the hardware and all that was saved at home. */
  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** A program of ours at work as a process. */
export class Program {
  readonly rig: Rig;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #stderr = "";

  constructor(rig: Rig, child: ChildProcess) {
    this.rig = rig;
    this.#process = child;
    this.#ended = once(child, "exit");
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.#stderr += text;
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Everything it has written to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  /** Waits until standard error says something; fails with all it said if the program ends first. */
  async says(what: RegExp): Promise<RegExpExecArray> {
    for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline; ) {
      const found = what.exec(this.#stderr);
      if (found) return found;
      if (this.#hasEnded) break;
      await delay(10);
    }
    await this.kill();
    throw new Error(`The program did not say ${what}, only:\n${this.#stderr}`);
  }

  /** Ends the program and waits for that; fails unless it is clean, in time and without leftovers. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.expectEnd(() => this.#process.kill(signal));
    this.rig.remove();
  }

  /** Does what should end the program; fails unless that is clean, in time and without leftovers. */
  async expectEnd(act: () => void): Promise<void> {
    if (this.#hasEnded) throw new Error(`The program had ended already:\n${this.#stderr}`);
    const family = descendantsOf(this.pid);
    const deadline = Date.now() + STOP_LIMIT;
    act();
    let left = family;
    for (; Date.now() < deadline; await delay(5)) {
      left = family.filter(isAlive);
      if (this.#hasEnded && left.length === 0) break;
    }
    const failure = !this.#hasEnded
      ? `The program did not end within ${STOP_LIMIT} ms`
      : left.length > 0
        ? `The program left ${left.length} processes behind`
        : this.exitCode !== 0 && `The program ended with code ${this.exitCode}`;
    if (!failure) return;
    if (!this.#hasEnded) await this.kill();
    for (const pid of left.filter(isAlive)) process.kill(pid, "SIGKILL");
    throw new Error(`${failure}:\n${this.#stderr}`);
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

/** A daemon that serves on a port. */
export class DaemonProcess extends Program {
  get port(): number {
    return Number(SERVING.exec(this.stderr)?.[1]);
  }
}

const SERVING = /serving on port (\d+)/;

/** How a daemon is started. */
export interface DaemonOptions {
  /** The cameras of the simulated hardware, such as `ASI6200MM Pro,ASI290MM Mini`. */
  readonly models: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Hardware and home of an earlier daemon, instead of new ones. */
  readonly rig?: Rig;
  readonly args?: readonly string[];
  /** Words before the program, such as those that take it into another network. */
  readonly prefix?: readonly string[];
}

/** Starts the daemon on a free port, as with real cameras and the vendor's library; it serves when this settles. */
export async function startDaemon(options: DaemonOptions): Promise<DaemonProcess> {
  const { models, env, rig, args = [], prefix = [] } = options;
  const surroundings = rig ?? new Rig(models, env);
  const words = ["--port", "0", ...args];
  const [program = PROGRAMS.daemon, ...before] = prefix;
  const line = prefix.length === 0 ? words : [...before, PROGRAMS.daemon, ...words];
  const child = spawn(program, line, {
    env: surroundings.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const daemon = new DaemonProcess(surroundings, child);
  await daemon.says(SERVING);
  return daemon;
}

/** A driver as indiserver runs it, with the other end of its standard input and output. */
export interface DriverProcess {
  readonly program: Program;
  readonly peer: Conversation;
}

/** Starts the driver that speaks INDI on standard input and output. */
export function startDriver(rig: Rig): DriverProcess {
  const child = spawn(PROGRAMS.driver, [], { env: rig.env, stdio: "pipe" });
  const peer = new Conversation(Duplex.from({ readable: child.stdout, writable: child.stdin }));
  return { program: new Program(rig, child), peer };
}

/** The processes a process has started, and those they have. */
export function descendantsOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Tells whether a process runs; one that waits to be buried does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
