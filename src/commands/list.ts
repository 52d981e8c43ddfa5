import { Command } from "commander";
import type { CameraInfo } from "../camera/camera-info.js";
import type { ScanResult } from "../camera/process/messages.js";
import { describeUnlisted } from "../camera/unlisted.js";
import { Hardware } from "../hardware.js";
import { sdkOption, simulatedModels, simulateOption } from "./options.js";

interface ListOptions {
  readonly json?: true;
  readonly sdk?: string;
  readonly simulate?: readonly string[] | true;
}

/** `indi-asid list`: the cameras attached to this machine. */
export function listCommand(): Command {
  return new Command("list")
    .description("list the cameras, what they can do, and the version of the vendor library")
    .option("--json", "print JSON instead of a table")
    .addOption(sdkOption())
    .addOption(simulateOption())
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const simulate = simulatedModels(options.simulate);
  const hardware = new Hardware({ libraryPath: options.sdk, simulate });
  try {
    const found = await hardware.scanner.scan([]);
    process.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : asText(found));
  } finally {
    await hardware.scanner.close();
    hardware.end();
  }
}

function asText({
  libraryPath,
  sdkVersion,
  missingFunctions,
  cameras,
  unlisted,
}: ScanResult): string {
  const lines = [`vendor library  ${libraryPath}`, `version         ${sdkVersion}`];
  if (missingFunctions.length > 0) lines.push(`without         ${missingFunctions.join(", ")}`);
  lines.push("", `${cameras.length === 0 ? "no" : cameras.length} camera(s) attached`);
  if (cameras.length > 0) lines.push(...table([HEADINGS, ...cameras.map(row)]));
  if (unlisted.length > 0) lines.push("", ...unlisted.map(describeUnlisted));
  return `${lines.join("\n")}\n`;
}

const HEADINGS = [
  "camera",
  "serial number",
  "sensor",
  "pixel",
  "bits",
  "bins",
  "formats",
  "has",
  "USB",
];

function row({ name, serial = "-", sensor, ...camera }: CameraInfo): string[] {
  const features = [
    [sensor.bayerPattern ?? "mono", true],
    ["cooler", camera.hasCooler],
    ["ST4", camera.hasGuidePort],
    ["shutter", camera.hasShutter],
    ["trigger", camera.hasTrigger],
  ] as const;
  return [
    name,
    serial,
    `${sensor.width} x ${sensor.height}`,
    `${sensor.pixelSize} um`,
    `${sensor.bitDepth}`,
    sensor.binnings.join(" "),
    sensor.formats.join(" "),
    features.flatMap(([feature, isThere]) => (isThere ? [feature] : [])).join(" "),
    `${camera.isUsb3Camera ? 3 : 2} on ${camera.isUsb3Host ? 3 : 2}`,
  ];
}

function table(rows: readonly string[][]): string[] {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
