import type { Check } from "./finding.js";
import type { Machine } from "./machine.js";
import { type RunningProgram, runningPrograms } from "./processes.js";

const subject = "TCP port";

/** The state of a socket that listens, in /proc/net/tcp. */
const LISTENING = "0A";

/** Whether the port for clients is free, and who has it if not. */
export const port: Check = async ({ machine, port }) => {
  const inodes = await listeners(machine, port);
  if (inodes.length === 0) return [{ subject, severity: "ok", text: `${port} is free` }];
  const owner = await ownerOf(machine, inodes);
  if (owner?.name === "indi-asid") {
    const text = `${port} is served by indi-asid (process ${owner.pid})`;
    return [{ subject, severity: "ok", text }];
  }
  const who =
    owner === undefined ? "another user's program" : `${owner.name} (process ${owner.pid})`;
  return [
    {
      subject,
      severity: "problem",
      text: `${port} is taken by ${who}`,
      remedy: "Stop it, or have indi-asid serve on another port with --port.",
    },
  ];
};

/** The inodes of the sockets that listen on a port. */
async function listeners(machine: Machine, port: number): Promise<readonly string[]> {
  const digits = port.toString(16).toUpperCase().padStart(4, "0");
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => machine.read(`/proc/net/${name}`)),
  );
  return tables.flatMap((table = "") =>
    table.split("\n").flatMap((row) => {
      const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
      return local.endsWith(`:${digits}`) && state === LISTENING && inode ? [inode] : [];
    }),
  );
}

async function ownerOf(
  machine: Machine,
  inodes: readonly string[],
): Promise<RunningProgram | undefined> {
  for (const program of await runningPrograms(machine)) {
    const directory = `/proc/${program.pid}/fd`;
    for (const fd of await machine.list(directory)) {
      const [, inode = ""] =
        /^socket:\[(\d+)\]$/.exec((await machine.link(`${directory}/${fd}`)) ?? "") ?? [];
      if (inodes.includes(inode)) return program;
    }
  }
  return undefined;
}
