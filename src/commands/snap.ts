import { once } from "node:events";
import { Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_CONFIG, DEFAULT_PORT } from "../config.js";
import type { Daemon } from "../daemon.js";
import { Hardware } from "../hardware.js";
import { openLog } from "../log.js";
import type { SnapOptions } from "../snap/index.js";
import { FRAME_TYPES, type FrameRoi } from "../snap/settings.js";
import { parsePort, sdkOption, simulatedModels, simulateOption } from "./options.js";

interface SnapArguments
  extends Omit<SnapOptions, "seconds" | "host" | "waitSeconds" | "graceSeconds"> {
  readonly host?: string;
  readonly exposure: number;
  readonly wait: number;
  readonly sdk?: string;
  readonly simulate?: readonly string[] | true;
}

/** Seconds a server may be silent when a picture is due. */
const GRACE = 60;

const EXAMPLES = `
Examples:
  indi-asid snap --simulate -e 5 -o first-light.fits
  indi-asid snap --host pi.local -e 30 --gain 100 --bin 2 -o m42.fits
  indi-asid snap --host localhost --device "CCD Simulator" -e 1`;

/** `indi-asid snap`: takes one picture, as a client of this or any other INDI server. */
export function snapCommand(): Command {
  return new Command("snap")
    .description("take one picture; write it as FITS, and as a stretched PNG to look at")
    .option(
      "--host <name>",
      "the INDI server to use; without it the cameras of this machine are used",
    )
    .option("-p, --port <number>", "the server's port", parsePort, DEFAULT_PORT)
    .option("--device <name>", "the camera, by its INDI name (default: the first one)")
    .option("-e, --exposure <seconds>", "exposure time", positive, 1)
    .option("-g, --gain <number>", "gain, in the camera's units", number)
    .option("--offset <number>", "offset, in the camera's units", number)
    .option("-b, --bin <factor>", "binning", positive)
    .option("--roi <x,y,width,height>", "part of the sensor, in unbinned pixels", parseRoi)
    .option("--format <name>", 'capture format, such as "Raw 16 bit"')
    .addOption(new Option("--frame-type <type>", "what the picture is of").choices(FRAME_TYPES))
    .option("--temperature <celsius>", "cool the sensor first", number)
    .option("-o, --output <file>", "the FITS file; the PNG is written beside it", "snap.fits")
    .option("--wait <seconds>", "how long to wait for the server and the camera", positive, 20)
    .addOption(sdkOption())
    .addOption(simulateOption())
    .addHelpText("after", EXAMPLES)
    .action(snap);
}

async function snap({
  host,
  exposure,
  wait,
  sdk,
  simulate,
  ...wanted
}: SnapArguments): Promise<void> {
  // Here, because whoever runs the daemon need not wait for it.
  const { TerminalUi, takeSnapshot } = await import("../snap/index.js");
  const control = new AbortController();
  const interrupted = (["SIGINT", "SIGTERM"] as const).map((name) =>
    once(process, name, { signal: control.signal }),
  );
  Promise.race(interrupted).then(
    () => control.abort(new Error("interrupted")),
    () => undefined,
  );
  const daemon = host === undefined ? await ownDaemon(sdk, simulatedModels(simulate)) : undefined;
  try {
    const options = { ...wanted, seconds: exposure, waitSeconds: wait, graceSeconds: GRACE };
    const address =
      daemon === undefined
        ? { host: host ?? "localhost", port: wanted.port }
        : { host: "127.0.0.1", port: await daemon.serveTcp() };
    const ui = new TerminalUi();
    const result = await takeSnapshot({ ...options, ...address }, ui, control.signal);
    for (const file of [result.file, result.png])
      if (file !== undefined) ui.message(`wrote ${file}`);
  } finally {
    control.abort();
    await daemon?.stop();
  }
}

/** A daemon for this one picture, which nobody else can reach. */
async function ownDaemon(
  libraryPath: string | undefined,
  simulate: readonly string[] | undefined,
): Promise<Daemon> {
  const config = {
    ...DEFAULT_CONFIG,
    port: 0,
    listen: ["127.0.0.1"],
    logLevel: "warn",
  } as const;
  const hardware = new Hardware({ libraryPath, simulate });
  const { Daemon } = await import("../daemon.js");
  return new Daemon(config, openLog(config.logLevel), hardware);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new InvalidArgumentError("Not a number.");
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError("Must be above 0.");
  return value;
}

function parseRoi(text: string): FrameRoi {
  const [left, top, width, height, ...rest] = text.split(",").map(number);
  if (
    left === undefined ||
    top === undefined ||
    width === undefined ||
    height === undefined ||
    rest.length > 0
  ) {
    throw new InvalidArgumentError("Four numbers are needed: x,y,width,height.");
  }
  return { left, top, width, height };
}
