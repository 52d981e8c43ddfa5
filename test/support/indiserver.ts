import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** A TCP port nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** Settles when somebody takes connections at the port of a program, or the program has ended. */
async function listens(port: number, isAlive: () => boolean): Promise<void> {
  while (isAlive()) {
    const probe = connect(port, "127.0.0.1");
    const isTaken = await once(probe, "connect").then(
      () => true,
      () => false,
    );
    probe.destroy();
    if (isTaken) return;
    await delay(10);
  }
}

/** The real indiserver with these drivers, in a home of its own, until the test is over or it is stopped. */
export async function indiserver(
  drivers: readonly string[],
  { port, env = {} }: { port?: number; env?: NodeJS.ProcessEnv } = {},
) {
  const home = mkdtempSync(join(tmpdir(), "indiserver-"));
  const listening = port ?? (await freePort());
  const socket = join(home, "socket");
  const server = spawn("indiserver", ["-p", `${listening}`, "-u", socket, ...drivers], {
    env: { ...process.env, HOME: home, ...env },
    stdio: "ignore",
  });
  await once(server, "spawn");
  await listens(listening, () => server.exitCode === null && server.signalCode === null);
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill();
    await once(server, "exit");
  };
  onTestFinished(async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  });
  return { port: listening, home, stop };
}
