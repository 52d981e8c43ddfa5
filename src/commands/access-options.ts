import { type Command, InvalidArgumentError } from "commander";
import { type Config, DEFAULT_CONFIG } from "../config.js";
import { AddressList } from "../indi/address-list.js";
import { Refused } from "../indi/errors.js";
import { parsePort } from "./options.js";

/** The options that say who may connect, and what for. */
export interface AccessOptions {
  readonly listen?: readonly string[];
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly allowAdmin?: readonly string[] | true;
  readonly clientMemory: number;
  readonly readOnlyPort?: number;
  readonly tlsPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

const MEBIBYTE = 1024 * 1024;

/** Definitions of one camera are a tenth of the least. */
const MEMORY = { least: 1, most: 4096 } as const;

/** Adds them to a command. */
export function addAccessOptions(command: Command): Command {
  return command
    .option("--listen <address...>", "addresses to listen on (default: all, IPv4 and IPv6)")
    .option(
      "--allow <range...>",
      `who may connect: ADDRESS, ADDRESS/BITS, loopback, all, or local for loopback, private networks and the own link (default: ${DEFAULT_CONFIG.allow})`,
      parseRange,
    )
    .option("--deny <range...>", "who may not, whatever else is said", parseRange)
    .option(
      "--allow-admin [range...]",
      `who may write flash memory and nicknames and have cameras reset; without a range everybody (default: ${DEFAULT_CONFIG.allowAdmin})`,
      parseRange,
    )
    .option(
      "--client-memory <MiB>",
      "messages that may wait for a client before it is closed; pictures take none of it",
      parseMebibytes,
      DEFAULT_CONFIG.clientMemory / MEBIBYTE,
    )
    .option("--read-only-port <number>", "another port, where nothing can be changed", parsePort)
    .option(
      "--tls-port <number>",
      "another port, with TLS and for clients with a certificate, from everywhere",
      parsePort,
    )
    .option("--tls-cert <file>", "its certificate, with those between it and the root, as PEM")
    .option("--tls-key <file>", "the private key of that, as PEM")
    .option("--tls-ca <file>", "the certificates that sign those of clients, as PEM");
}

/** What they come to; ends with a usage error where they do not fit together. */
export function accessOf(options: AccessOptions, command: Command) {
  const { listen = [], allow, deny, allowAdmin, clientMemory, readOnlyPort } = options;
  return {
    listen,
    allow: allow ? new AddressList(allow) : DEFAULT_CONFIG.allow,
    deny: deny ? new AddressList(deny) : DEFAULT_CONFIG.deny,
    allowAdmin: allowAdmin
      ? new AddressList(allowAdmin === true ? ["all"] : allowAdmin)
      : DEFAULT_CONFIG.allowAdmin,
    clientMemory: clientMemory * MEBIBYTE,
    readOnlyPort,
    tls: tlsOf(options, command),
  } satisfies Partial<Config>;
}

function tlsOf(options: AccessOptions, command: Command): Config["tls"] {
  const { tlsPort: port, tlsCert: cert, tlsKey: key, tlsCa: ca } = options;
  if (port !== undefined && cert && key && ca) return { port, cert, key, ca };
  if (port !== undefined || cert || key || ca) {
    command.error("error: --tls-port, --tls-cert, --tls-key and --tls-ca belong together");
  }
  return undefined;
}

/** Reads a range of addresses, added to those before it. */
function parseRange(text: string, earlier: readonly string[] = []): readonly string[] {
  try {
    new AddressList([text]);
  } catch (error) {
    if (error instanceof Refused) throw new InvalidArgumentError(error.message);
    throw error;
  }
  return [...earlier, text];
}

function parseMebibytes(text: string): number {
  const mebibytes = Number(text);
  const { least, most } = MEMORY;
  if (!Number.isInteger(mebibytes) || mebibytes < least || mebibytes > most) {
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  }
  return mebibytes;
}
