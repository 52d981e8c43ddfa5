import { once } from "node:events";
import { Command, Option } from "commander";
import { DEFAULT_CONFIG, DEFAULT_PORT, DEFAULT_UNIX_SOCKET, MEMORY_VARIABLE } from "../config.js";
import { EXIT } from "../exit.js";
import { Hardware } from "../hardware.js";
import type { ServerAddress } from "../indi/snoop-connection.js";
import { LOG_LEVELS, type LogLevel, openLog } from "../log.js";
import { ServiceManager } from "../service-manager.js";
import { type AccessOptions, accessOf, addAccessOptions } from "./access-options.js";
import {
  parsePort,
  parseServers,
  parseSize,
  sdkOption,
  simulatedModels,
  simulateOption,
} from "./options.js";

interface ServeOptions extends AccessOptions {
  readonly port: number;
  readonly snoop: readonly ServerAddress[];
  readonly unixSocket?: string | false;
  readonly fileRoot?: readonly string[];
  readonly sdk?: string;
  readonly simulate?: readonly string[] | true;
  readonly logLevel: LogLevel;
  readonly maxMemory?: number;
}

/** After this long a stop that hangs is cut short, in milliseconds. */
const STOP_LIMIT = 3_000;

/** `indi-asid serve`: the daemon. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description(
      "serve the cameras to INDI clients until stopped (what indi-asid does if not told otherwise)",
    )
    .option(
      "-p, --port <number>",
      "TCP port to listen on; 0 takes a free one",
      parsePort,
      DEFAULT_PORT,
    );
  return addAccessOptions(command)
    .option(
      "--snoop <host:port>",
      "another INDI server whose mount, focuser and so on the pictures' headers tell of (repeatable)",
      parseServers,
      [],
    )
    .option(
      "--unix-socket <name>",
      `abstract name for clients on this machine (default: ${DEFAULT_UNIX_SOCKET} with port ${DEFAULT_PORT}, else none)`,
    )
    .option("--no-unix-socket", "serve clients on this machine over TCP only")
    .option(
      "--file-root <folder>",
      "where clients may have pictures and recordings (repeatable; default: the home directory, /media, /mnt, /run/media)",
      (folder: string, earlier: readonly string[] = []) => [...earlier, folder],
    )
    .addOption(
      new Option(
        "--max-memory <size>",
        "memory for pictures and videos of all cameras, such as 400M or 1.5G (default: half of the machine's)",
      )
        .env(MEMORY_VARIABLE)
        .argParser(parseSize),
    )
    .addOption(sdkOption())
    .addOption(simulateOption())
    .addOption(
      new Option("--log-level <level>", "how much to tell on standard error")
        .choices(LOG_LEVELS)
        .default("info"),
    )
    .action(serve);
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const log = openLog(options.logLevel);
  const hardware = new Hardware({
    libraryPath: options.sdk,
    simulate: simulatedModels(options.simulate),
    onCall: options.logLevel === "debug" ? log.part("scan").debug : undefined,
  });
  // It takes as long to start as what follows to load.
  hardware.scanner.prepare();
  const { Daemon } = await import("../daemon.js");
  const daemon = new Daemon(
    {
      ...DEFAULT_CONFIG,
      port: options.port,
      ...accessOf(options, command),
      snoop: options.snoop,
      unixSocket: unixSocket(options),
      fileRoots: options.fileRoot ?? DEFAULT_CONFIG.fileRoots,
      logLevel: options.logLevel,
      maxMemory: options.maxMemory ?? DEFAULT_CONFIG.maxMemory,
    },
    log,
    hardware,
  );
  const manager = new ServiceManager(process.env);
  const stopping = new AbortController();
  const stop = stopSignal();
  process.on("SIGUSR2", () => void daemon.report());
  if (options.tlsPort !== undefined) process.on("SIGHUP", () => void daemon.reload());
  try {
    await daemon.serveTcp();
    await Promise.race([stop, manager.watch(daemon, stopping.signal).then(() => stop)]);
  } finally {
    stopping.abort();
    manager.stopping();
    await daemon.stop();
  }
  await leave(EXIT.done);
}

/** INDI's own name goes with INDI's own port: whoever has the one has the other. */
function unixSocket({ unixSocket, port }: ServeOptions): string | undefined {
  if (unixSocket === false) return undefined;
  return unixSocket ?? (port === DEFAULT_PORT ? DEFAULT_UNIX_SOCKET : undefined);
}

/** Settles when the program is asked to end. What then takes too long is cut short. */
export async function stopSignal(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  setTimeout(() => void leave(EXIT.failure), STOP_LIMIT).unref();
}

/** Ends the program without process.exit(), which waits for threads that a disk which does not answer holds for ever. */
async function leave(code: number): Promise<void> {
  // Here, because whoever wants to know how to call the program need not wait for it; the daemon has it loaded.
  const { exitNow } = await import("../posix/index.js");
  exitNow(code);
}
