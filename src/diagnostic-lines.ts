import { readFile } from "node:fs/promises";
import type { CameraDevice } from "./camera-device.js";
import type { Driver } from "./indi/driver.js";
import { VERSION } from "./version.js";

/** What a person at the machine wants to know of a daemon at work, a line for each of its parts. */
export async function diagnosticLines(
  status: string,
  cameras: readonly CameraDevice[],
  { clients, traffic }: Driver,
): Promise<string[]> {
  const uptime = `up ${(process.uptime() / 3600).toFixed(1)} h`;
  return [
    `indi-asid ${VERSION}, ${uptime}, ${await memory(process.pid)}: ${status}`,
    ...(await Promise.all(cameras.map(cameraLine))),
    ...clients.map(
      ({ name, traffic, waiting }) => `${name}: ${counts(traffic)}, waiting ${waiting}`,
    ),
    `all clients since the start: ${counts(traffic)}`,
  ];
}

async function cameraLine({ device, pid, counters }: CameraDevice): Promise<string> {
  const process = pid === undefined ? "not connected" : `process ${pid}, ${await memory(pid)}`;
  return `${device.name}: ${process}, ${counts(counters)}`;
}

/** Every counter under its name in the program. */
function counts(counters: object): string {
  return Object.entries(counters)
    .map(([name, count]) => `${name} ${Math.round(Number(count) * 1000) / 1000}`)
    .join(", ");
}

async function memory(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const [, kilobytes = "0"] = /^VmRSS:\s*(\d+)/m.exec(status) ?? [];
  return `${Math.round(Number(kilobytes) / 1024)} MiB`;
}
