import { stopSignal } from "./commands/serve.js";
import { DEFAULT_CONFIG, MEMORY_VARIABLE } from "./config.js";
import { EXIT, exitCodeOf, explain } from "./exit.js";
import { Hardware } from "./hardware.js";
import { openLog } from "./log.js";
import { NO_SIZE, sizeOf } from "./size.js";

const USAGE = `Usage: indi_asid_ccd [-v]

The INDI driver of ZWO ASI cameras, with INDI on standard input and output: "indiserver indi_asid_ccd" starts it.
What is to be other than usual comes by environment variables (README.md); -v is taken, as by all INDI drivers.
`;

/** The driver that indiserver starts: INDI on standard input and output; settles with the exit code. */
export async function runDriver(argv: readonly string[]): Promise<number> {
  if (!argv.every((argument) => /^-v+$/.test(argument))) {
    process.stderr.write(USAGE);
    return EXIT.usage;
  }
  const memory = process.env[MEMORY_VARIABLE];
  const maxMemory = memory === undefined ? DEFAULT_CONFIG.maxMemory : sizeOf(memory);
  if (maxMemory === undefined) {
    process.stderr.write(`indi_asid_ccd: ${MEMORY_VARIABLE} is '${memory}'. ${NO_SIZE}\n`);
    return EXIT.usage;
  }
  const hardware = new Hardware({});
  hardware.scanner.prepare();
  const { Daemon } = await import("./daemon.js");
  const daemon = new Daemon(
    { ...DEFAULT_CONFIG, maxMemory },
    openLog(DEFAULT_CONFIG.logLevel),
    hardware,
  );
  process.on("SIGUSR2", () => void daemon.report());
  try {
    await Promise.race([daemon.serveStdio(), stopSignal()]);
    return EXIT.done;
  } catch (error) {
    process.stderr.write(`indi_asid_ccd: ${explain(error)}\n`);
    return exitCodeOf(error);
  } finally {
    await daemon.stop();
  }
}
