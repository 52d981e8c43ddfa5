import { setTimeout as delay } from "node:timers/promises";
import { IndiClient } from "../indi/indi-client.js";
import type { BlobProgress } from "../indi/xml-reader.js";
import { SnapError } from "./errors.js";

/** Where an INDI server is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** A connection to a server that ends in time even where the server no longer answers. */
export interface ServerLine {
  readonly client: IndiClient;
  close(): Promise<void>;
}

const RETRY_MS = 250;
const CLOSING_MS = 1000;

/**
 * Connects to a server, again and again until `patience` aborts; then rejects with a SnapError.
 * Rejects with the reason of `signal` when that aborts.
 */
export async function openLine(
  { host, port }: ServerAddress,
  onBlobProgress: (progress: BlobProgress) => void,
  patience: AbortSignal,
  signal: AbortSignal,
): Promise<ServerLine> {
  const stop = AbortSignal.any([signal, patience]);
  for (;;) {
    try {
      return await connected({ host, port }, onBlobProgress, stop);
    } catch (error) {
      await delay(RETRY_MS, undefined, { signal: stop }).catch(() => {});
      signal.throwIfAborted();
      if (patience.aborted) {
        throw new SnapError(
          "UNREACHABLE",
          `No INDI server answers at ${host} port ${port}${codeOf(error)}`,
          { cause: error },
        );
      }
    }
  }
}

async function connected(
  address: ServerAddress,
  onBlobProgress: (progress: BlobProgress) => void,
  stop: AbortSignal,
): Promise<ServerLine> {
  // The signal given to the client cuts the connection, which must outlive `stop`: what is to be
  // sent last, such as the end of the exposure, would be lost.
  const cutter = new AbortController();
  const cut = () => cutter.abort();
  stop.addEventListener("abort", cut);
  try {
    stop.throwIfAborted();
    const client = await IndiClient.connect({ ...address, onBlobProgress, signal: cutter.signal });
    return { client, close: () => closed(client, cut) };
  } finally {
    stop.removeEventListener("abort", cut);
  }
}

async function closed(client: IndiClient, cut: () => void): Promise<void> {
  const timer = setTimeout(cut, CLOSING_MS);
  await client.close();
  clearTimeout(timer);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "ABORT_ERR";
  return code === "ABORT_ERR" ? "" : ` (${code})`;
}
