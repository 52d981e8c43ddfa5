import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "./errors.js";
import { IndiClient } from "./indi-client.js";
import type { Log } from "./log.js";
import type { Snoop } from "./snoop.js";

/** Where a server is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Pauses between attempts to connect in milliseconds; the last one is for all that follow. */
const PAUSES = [1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * Snoops on the devices of another server through a connection of its own, which is made again whenever it is
 * lost. Settles once `signal` is aborted.
 */
export async function snoopOn(
  address: ServerAddress,
  snoop: Snoop,
  signal: AbortSignal,
  log: Log,
  pauses: readonly number[] = PAUSES,
): Promise<void> {
  const name = `${address.host}:${address.port}`;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const client = await IndiClient.connect({ ...address, signal });
      failures = 0;
      log.info(`snooping on ${name}`);
      snoop.attach(client);
      await client.closed;
      snoop.detach(client);
      if (!signal.aborted) log.warn(`the connection to ${name} is lost`);
    } catch (error) {
      if (failures === 0 && !signal.aborted) {
        log.warn(`cannot snoop on ${name} yet: ${errorText(error)}`);
      }
    }
    await delay(pauses[Math.min(failures, pauses.length - 1)], undefined, { signal }).catch(
      () => undefined,
    );
  }
}
