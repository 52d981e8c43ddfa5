import { InvalidArgumentError, Option } from "commander";
import { DEFAULT_PORT } from "../config.js";
import type { ServerAddress } from "../indi/snoop-connection.js";
import { NO_SIZE, sizeOf } from "../size.js";

/** The option that names the vendor library. */
export const sdkOption = () =>
  new Option(
    "--sdk <path>",
    "the vendor library; else $ASI_SDK_LIB, else the usual places under /usr, /usr/local and /opt",
  );

/** The option that replaces the real cameras by simulated ones. */
export const simulateOption = () =>
  new Option(
    "--simulate [models]",
    'simulated cameras instead of real ones, such as "ASI6200MM Pro,ASI290MM Mini"',
  ).argParser((text: string) => text.split(",").map((model) => model.trim()));

/** Reads a number of bytes such as `400M` or `1.5G`. */
export function parseSize(text: string): number {
  const bytes = sizeOf(text);
  if (bytes === undefined) throw new InvalidArgumentError(NO_SIZE);
  return bytes;
}

/** Reads a port number. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  }
  return port;
}

/** Reads `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`, added to those before it. */
export function parseServers(text: string, earlier: readonly ServerAddress[]): ServerAddress[] {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new InvalidArgumentError("A server is HOST or HOST:PORT.");
  return [...earlier, { host, port: port === undefined ? DEFAULT_PORT : parsePort(port) }];
}

/** Models to simulate: a bare `--simulate` leaves the choice to us. */
export function simulatedModels(
  option: readonly string[] | true | undefined,
): readonly string[] | undefined {
  return option === true ? [] : option;
}
