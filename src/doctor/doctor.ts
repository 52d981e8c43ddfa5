import { clock } from "./clock.js";
import { disk } from "./disk.js";
import type { Check, Finding, Patient } from "./finding.js";
import { library } from "./library.js";
import { port } from "./port.js";
import { power } from "./power.js";
import { programs } from "./programs.js";
import { realtime } from "./realtime.js";
import { usb } from "./usb.js";
import { usbMemory } from "./usb-memory.js";

const CHECKS: readonly Check[] = [
  library,
  usb,
  usbMemory,
  power,
  programs,
  port,
  clock,
  disk,
  realtime,
];

/** Looks at everything a night's work depends on. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  return (await Promise.all(CHECKS.map((check) => check(patient)))).flat();
}

/** Findings as a person reads them, the remedies below. */
export function asText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const margin = " ".repeat(9 + width + 2);
  return findings
    .flatMap(({ severity, subject, text, remedy }) => [
      `${severity.padEnd(9)}${subject.padEnd(width)}  ${text}`,
      ...(remedy === undefined ? [] : remedy.split("\n").map((line) => `${margin}${line.trim()}`)),
    ])
    .join("\n");
}
