import type { ScanResult } from "../camera/process/messages.js";
import type { Machine } from "./machine.js";

/** How bad a finding is, the least first: "note" is worth knowing, "problem" costs a night. */
const SEVERITIES = ["ok", "note", "warning", "problem"] as const;
/** One of them. */
export type Severity = (typeof SEVERITIES)[number];

/** Something found out about the machine, and what to do about it. */
export interface Finding {
  /** What was looked at, in two words or so. */
  readonly subject: string;
  readonly severity: Severity;
  readonly text: string;
  /** What to do, where something is to be done. */
  readonly remedy?: string;
}

/** What is examined. */
export interface Patient {
  readonly machine: Machine;
  /** What the vendor library tells, or why it cannot. */
  readonly found: ScanResult | Error;
  /** The TCP port that clients are to be served on. */
  readonly port: number;
}

/** Looks at one thing; a machine on which there is nothing to be said of it gives no finding. */
export type Check = (patient: Patient) => Promise<readonly Finding[]>;

/** The worst of findings. */
export function worst(findings: readonly Finding[]): Severity {
  const ranks = findings.map(({ severity }) => SEVERITIES.indexOf(severity));
  return SEVERITIES[Math.max(0, ...ranks)] ?? "ok";
}
