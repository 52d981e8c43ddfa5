import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { Conversation } from "./conversation.js";

const run = promisify(execFile);

/** Runs one of Debian's INDI tools to its end and gives what it printed. */
export async function indiTool(
  tool: "indi_getprop" | "indi_setprop",
  port: number,
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  const { stdout } = await run(tool, ["-h", "localhost", "-p", String(port), ...args], { cwd });
  return stdout;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "indi-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts indiserver with these drivers, local or remote, for as long as the test lasts. */
export async function indiserver(...drivers: readonly string[]): Promise<Conversation> {
  const port = await freePort();
  const socket = join(await temporaryFolder(), "socket");
  const server = spawn("indiserver", ["-p", String(port), "-u", socket, "-r", "0", ...drivers], {
    stdio: "ignore",
  });
  onTestFinished(() => stop(server));
  const peer = await connected(port, server);
  onTestFinished(() => peer.close());
  return peer;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGKILL");
  await exited;
}

/** The server opens its port a moment after its start. */
async function connected(port: number, server: ChildProcess): Promise<Conversation> {
  for (let tries = 0; ; tries++) {
    try {
      return await Conversation.connect(port);
    } catch (error) {
      if (tries === 100 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address === "string" || address === null) throw new Error("There is no free port");
  return address.port;
}
