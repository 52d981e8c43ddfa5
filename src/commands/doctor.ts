import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import type { ScanResult } from "../camera/process/messages.js";
import { DEFAULT_PORT } from "../config.js";
import { type Severity, worst } from "../doctor/finding.js";
import { Hardware } from "../hardware.js";
import { VERSION } from "../version.js";
import { parsePort, sdkOption, simulatedModels, simulateOption } from "./options.js";

interface DoctorOptions {
  readonly json?: true;
  readonly report?: string;
  readonly port: number;
  readonly sdk?: string;
  readonly simulate?: readonly string[] | true;
}

/** `indi-asid doctor`: what stands in the way of a night's work, and what to do about it. */
export function doctorCommand(onVerdict: (worst: Severity) => void): Command {
  return new Command("doctor")
    .description("look for what stands in the way of a night's work, and say what to do about it")
    .option("--json", "print JSON instead of text")
    .option("--report <file>", "also write a report for whoever helps you, without private data")
    .option(
      "-p, --port <number>",
      "the port that clients are to be served on",
      parsePort,
      DEFAULT_PORT,
    )
    .addOption(sdkOption())
    .addOption(simulateOption())
    .action(async (options: DoctorOptions) => onVerdict(await doctor(options)));
}

async function doctor(options: DoctorOptions): Promise<Severity> {
  // Here, because whoever runs the daemon need not wait for it.
  const { asText, examine, machineAt, supportReport } = await import("../doctor/index.js");
  const patient = { machine: machineAt(), found: await look(options), port: options.port };
  const findings = await examine(patient);
  process.stdout.write(
    `${options.json ? JSON.stringify(findings, undefined, 2) : asText(findings)}\n`,
  );
  if (options.report !== undefined) {
    // Not over a file that is there, and not for everybody to read.
    const report = await supportReport(patient, findings, {
      now: new Date(),
      version: VERSION,
    });
    await writeFile(options.report, report, { flag: "wx", mode: 0o600 });
    process.stderr.write(`wrote ${options.report}; have a look at it before you pass it on\n`);
  }
  return worst(findings);
}

async function look({ sdk, simulate: wanted }: DoctorOptions): Promise<ScanResult | Error> {
  const hardware = new Hardware({ libraryPath: sdk, simulate: simulatedModels(wanted) });
  try {
    return await hardware.scanner.scan([]);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  } finally {
    await hardware.scanner.close();
    hardware.end();
  }
}
