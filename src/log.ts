import { fstatSync } from "node:fs";
import { createLogger, format, transports } from "winston";
import { Repetitions } from "./indi/repetitions.js";

/** The levels of the log, the most urgent first. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STANDARD_ERROR = 2;

/** Where the program tells what it does. */
export interface Log {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
  /** A log whose lines begin with the name of a part of the program. */
  part(name: string): Log;
}

/**
 * Opens the log, which goes to standard error: standard output may be an INDI channel. Under systemd lines
 * carry their level the way journald reads it, and no time of their own.
 */
export function openLog(level: LogLevel, env: NodeJS.ProcessEnv = process.env): Log {
  const line = isJournal(STANDARD_ERROR, env) ? forJournal : withTime;
  const logger = createLogger({
    level,
    format: format.combine(format.timestamp(), format.printf(line)),
    transports: [new transports.Console({ stderrLevels: [...LOG_LEVELS] })],
  });
  const repetitions = new Repetitions();
  const under = (prefix: string): Log => ({
    error: (text) => repetitions.pass(prefix + text, (line) => logger.error(line)),
    warn: (text) => repetitions.pass(prefix + text, (line) => logger.warn(line)),
    info: (text) => logger.info(prefix + text),
    debug: (text) => logger.debug(prefix + text),
    part: (name) => under(`${prefix}${name}: `),
  });
  return under("");
}

interface Line {
  readonly level: string;
  readonly message: unknown;
  readonly timestamp?: unknown;
}

function withTime({ timestamp, level, message }: Line): string {
  return `${timestamp} ${level.padEnd(5)} ${message}`;
}

/** The numbers of sd-daemon(3). */
const JOURNAL_PRIORITY: Readonly<Record<string, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

/** The journal takes each line for an entry of its own, so each says how urgent it is. */
function forJournal({ level, message }: Line): string {
  return `${message}`.replace(/^/gm, `<${JOURNAL_PRIORITY[level] ?? 6}>`);
}

/** The variable is inherited by programs whose standard error is something else by then (systemd.exec(5)). */
function isJournal(fd: number, { JOURNAL_STREAM }: NodeJS.ProcessEnv): boolean {
  if (JOURNAL_STREAM === undefined) return false;
  const { dev, ino } = fstatSync(fd);
  return JOURNAL_STREAM === `${dev}:${ino}`;
}
