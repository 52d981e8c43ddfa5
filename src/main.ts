import { Command, CommanderError } from "commander";
import { doctorCommand } from "./commands/doctor.js";
import { listCommand } from "./commands/list.js";
import { serveCommand } from "./commands/serve.js";
import { snapCommand } from "./commands/snap.js";
import type { Severity } from "./doctor/finding.js";
import { EXIT, EXIT_MEANING, exitCodeOf, explain } from "./exit.js";
import { VERSION } from "./version.js";

const EXAMPLES = `
Examples:
  indi-asid                                       serve the cameras of this machine
  indi-asid --simulate "ASI6200MM Pro"            serve a simulated camera
  indi-asid list                                  show the cameras
  indi-asid snap -e 5 -o m31.fits                 take a picture
  indi-asid doctor                                look for what stands in the way
  indi-asid <command> --help                      show the options of a command
`;

const EXIT_CODES = [
  "\nExit codes:",
  ...Object.entries(EXIT_MEANING).map(([code, meaning]) => `  ${code}  ${meaning}`),
].join("\n");

/** Runs the command line; settles with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const serve = serveCommand();
  const program = new Command("indi-asid")
    .description(
      "Makes every ZWO ASI camera on this machine an INDI device: CCD, guider and cooler.",
    )
    .version(VERSION)
    .showHelpAfterError()
    .exitOverride()
    .addHelpText("after", () => `\n${serve.helpInformation()}${EXAMPLES}${EXIT_CODES}`);
  program.addCommand(serve.copyInheritedSettings(program), { isDefault: true });
  program.addCommand(listCommand().copyInheritedSettings(program));
  let code: number = EXIT.done;
  const onVerdict = (severity: Severity) => {
    if (severity === "warning") code = EXIT.warnings;
    if (severity === "problem") code = EXIT.problems;
  };
  program.addCommand(doctorCommand(onVerdict).copyInheritedSettings(program));
  program.addCommand(snapCommand().copyInheritedSettings(program));
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // Commander has told already what was wrong with the words of the command line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(`indi-asid: ${explain(error)}\n`);
    return exitCodeOf(error);
  }
}
