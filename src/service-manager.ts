import { setTimeout as delay } from "node:timers/promises";
import { sendDatagram } from "./posix/index.js";

/** How often the status is looked at where nobody asks for signs of life, in milliseconds. */
const STATUS_PERIOD = 10_000;

/** A sign of life is due this many times while the service manager waits for one. */
const SIGNS_EACH_WAIT = 4;

/** What the service manager is told about. */
export interface Service {
  /** What is going on, in one line. */
  readonly status: string;
  /** Settles when every part answers or what did not has been dealt with; never where that is impossible. */
  answers(): Promise<void>;
}

/** The service manager that started this program, told by sd_notify(3)'s protocol; nobody without one. */
export class ServiceManager {
  readonly #address: string | undefined;
  readonly #watchdog: number | undefined;
  #status = "";

  /** Finds it by its environment variables. */
  constructor(env: NodeJS.ProcessEnv, pid: number = process.pid) {
    this.#address = env.NOTIFY_SOCKET || undefined;
    const microseconds = Number(env.WATCHDOG_USEC ?? 0);
    const isForUs = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === `${pid}`;
    this.#watchdog = isForUs && microseconds > 0 ? microseconds / 1000 : undefined;
  }

  /** Says that the service is ready, then gives its signs of life and its status until `signal` aborts. */
  async watch(service: Service, signal: AbortSignal): Promise<void> {
    if (this.#address === undefined) return;
    this.#tell("READY=1", ...this.#news(service));
    const period = this.#watchdog === undefined ? STATUS_PERIOD : this.#watchdog / SIGNS_EACH_WAIT;
    try {
      for (;;) {
        await delay(period, undefined, { ref: false, signal });
        await service.answers();
        if (signal.aborted) return;
        const lines = this.#news(service);
        if (this.#watchdog !== undefined) lines.push("WATCHDOG=1");
        if (lines.length > 0) this.#tell(...lines);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Says that the service is about to end. */
  stopping(): void {
    this.#tell("STOPPING=1");
  }

  #news({ status }: Service): string[] {
    if (status === this.#status) return [];
    this.#status = status;
    return [`STATUS=${status}`];
  }

  #tell(...lines: readonly string[]): void {
    if (this.#address === undefined) return;
    try {
      sendDatagram(this.#address, lines.join("\n"));
    } catch {
      // Whoever does not hear it will ask in its own way; no night shall end for it.
    }
  }
}
