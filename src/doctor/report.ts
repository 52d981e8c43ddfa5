import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { asText } from "./doctor.js";
import type { Finding, Patient } from "./finding.js";
import type { Machine } from "./machine.js";
import { type Secrets, withoutSecrets } from "./privacy.js";
import { usbDevices } from "./usb-devices.js";

/** As much of each log as is told, in lines. */
const LOG_LINES = 500;

interface About {
  readonly now: Date;
  /** Of this program. */
  readonly version: string;
}

/** Everything somebody who helps from afar would ask for, in one text without private data. */
export async function supportReport(
  patient: Patient,
  findings: readonly Finding[],
  about: About,
): Promise<string> {
  const { machine, found } = patient;
  const sections = {
    machine: await aboutMachine(machine, about),
    findings: asText(findings),
    cameras: found instanceof Error ? found.message : JSON.stringify(found, undefined, 2),
    usb: JSON.stringify((await usbDevices(machine)) ?? [], undefined, 2),
    "device log": await latestSessionLog(machine),
    "service log": await serviceLog(machine),
  };
  const text = Object.entries(sections)
    .map(([title, section]) => `== ${title} ==\n\n${section}\n`)
    .join("\n");
  return withoutSecrets(text, await secretsOf(patient));
}

async function aboutMachine(machine: Machine, { now, version }: About): Promise<string> {
  const line = async (path: string, pattern: RegExp) =>
    pattern.exec((await machine.read(path)) ?? "")?.[1] ?? "unknown";
  return [
    `time       ${now.toISOString()}`,
    `indi-asid  ${version}`,
    `node       ${process.version} on ${process.arch}`,
    `system     ${await line("/etc/os-release", /^PRETTY_NAME="?(.*?)"?$/m)}`,
    `kernel     ${await line("/proc/version", /^Linux version (\S+)/)}`,
    `board      ${await line("/proc/device-tree/model", /^([^\0]*)/)}`,
    `memory     ${await line("/proc/meminfo", /^MemTotal:\s*(.*)$/m)}`,
    `available  ${await line("/proc/meminfo", /^MemAvailable:\s*(.*)$/m)}`,
  ].join("\n");
}

async function latestSessionLog(machine: Machine): Promise<string> {
  const logs = join(machine.home, ".indi/logs");
  for (const date of (await machine.list(logs)).toSorted().reverse()) {
    const directory = join(logs, date, "indi_asid_ccd");
    const latest = (await machine.list(directory)).toSorted().at(-1);
    if (latest !== undefined) return tail(await machine.read(join(directory, latest)));
  }
  return "none; Debug and its Log Output to a file make one";
}

async function serviceLog(machine: Machine): Promise<string> {
  const words = ["--unit", "indi-asid", "--lines", `${LOG_LINES}`, "--no-pager", "--quiet"];
  return tail(await machine.run("journalctl", ...words));
}

function tail(text = ""): string {
  return text === "" ? "none" : text.split("\n").slice(-LOG_LINES).join("\n");
}

async function secretsOf({ machine, found }: Patient): Promise<Secrets> {
  const cameras = found instanceof Error ? [] : found.cameras;
  const { username } = userInfo();
  return {
    users: [username, process.env.SUDO_USER ?? username, ...(await machine.list("/home"))],
    hosts: [hostname(), (await machine.read("/etc/hostname")) || hostname()],
    homes: [machine.home],
    nicknames: await nicknamesOf(machine),
    serials: cameras.flatMap(({ serial, flashId }) =>
      [serial, flashId].filter((id) => id !== undefined),
    ),
  };
}

/** Those of our own file and of the C++ driver's. */
async function nicknamesOf(machine: Machine): Promise<readonly string[]> {
  const files = ["Nicknames.xml", "ZWONicknames.xml"].map((name) => `.indi/${name}`);
  const texts = await Promise.all(files.map((file) => machine.read(join(machine.home, file))));
  return texts.flatMap((text = "") =>
    [...text.matchAll(/<nickname[^>]*>([^<]+)</gi)].map(([, name = ""]) => name.trim()),
  );
}
