import { homedir, totalmem } from "node:os";
import { join } from "node:path";
import { DEFAULT_FILE_ROOTS } from "./ccd/files/file-roots.js";
import { AddressList } from "./indi/address-list.js";
import type { ServerAddress } from "./indi/snoop-connection.js";
import type { TlsFiles } from "./indi/tls.js";
import type { LogLevel } from "./log.js";

/** INDI's own TCP port. */
export const DEFAULT_PORT = 7624;

/** What the daemon is told from outside. */
export interface Config {
  readonly port: number;
  /** Addresses to listen on; all of them, IPv4 and IPv6, if empty. */
  readonly listen: readonly string[];
  /** The name under which clients on this machine find us without TCP; none if not given. */
  readonly unixSocket?: string | undefined;
  /** Whoever may connect without a certificate. */
  readonly allow: AddressList;
  /** Whoever may never connect. */
  readonly deny: AddressList;
  /** Whoever may change what outlasts the session: flash memory, nicknames, resets of the bus. */
  readonly allowAdmin: AddressList;
  /** The bytes of messages that may wait for a client before it is closed; pictures take none of them. */
  readonly clientMemory: number;
  /** A second port, with TLS and client certificates. */
  readonly tls?: (TlsFiles & { readonly port: number }) | undefined;
  /** A port where nothing can be changed. */
  readonly readOnlyPort?: number | undefined;
  /** Servers whose devices are snooped on: mounts, focusers and the like. */
  readonly snoop: readonly ServerAddress[];
  readonly logLevel: LogLevel;
  /** Bytes that the pictures and videos of all cameras may take. */
  readonly maxMemory: number;
  /** Folders in which clients may have files. */
  readonly fileRoots: readonly string[];
  /** Where INDI drivers keep what they save. */
  readonly configDirectory: string;
  /** One file for the settings of all devices, in place of one for each in that directory. */
  readonly configFile?: string | undefined;
}

/** The environment variable that says what --max-memory does, to a driver that indiserver starts without options. */
export const MEMORY_VARIABLE = "INDI_ASID_MAX_MEMORY";

/** The name that INDI clients look for when they are told to use no network. */
export const DEFAULT_UNIX_SOCKET = "/tmp/indiserver";

/** The settings of a daemon that was told nothing. */
export const DEFAULT_CONFIG: Config = {
  port: DEFAULT_PORT,
  listen: [],
  allow: new AddressList(["local"]),
  deny: new AddressList([]),
  allowAdmin: new AddressList(["loopback"]),
  clientMemory: 32 * 1024 * 1024,
  snoop: [],
  logLevel: "info",
  // The other half is for us, for clients on the same machine, and for the system.
  maxMemory: Math.floor(machineMemory() / 2),
  // The way to tell a driver that indiserver starts, which gets no options.
  fileRoots: process.env.INDI_ASID_FILE_ROOTS?.split(":") ?? DEFAULT_FILE_ROOTS,
  configDirectory: join(homedir(), ".indi"),
  // What INDI drivers are told by indiserver.
  configFile: process.env.INDICONFIG || undefined,
};

/** The memory of the machine or, where that is less, of the container we run in, in bytes. */
function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
