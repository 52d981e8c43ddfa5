import { join } from "node:path";
import type { Check, Finding } from "./finding.js";
import type { Machine } from "./machine.js";

const subject = "power supply";

const REMEDY =
  "Use the supply made for this board, a short thick cable, and a powered hub for the cameras.";

/** Bits of the Raspberry Pi's firmware: what is so now, and, 16 bits higher, what was since it started. */
const UNDER_VOLTAGE = 1;
const THROTTLED = 1 << 2;
const SINCE_START = 16;

const HWMON = "/sys/class/hwmon";

/** Whether a Raspberry Pi has or had too little power; nothing on machines that do not know. */
export const power: Check = async ({ machine }) => {
  const bits = await firmwareBits(machine);
  if (bits !== undefined) return [ofFirmware(bits)];
  const alarm = await voltageAlarm(machine);
  if (alarm === undefined) return [];
  return [
    alarm
      ? { subject, severity: "problem", text: "The voltage is or was too low.", remedy: REMEDY }
      : { subject, severity: "ok", text: "The voltage has been high enough." },
  ];
};

function ofFirmware(bits: number): Finding {
  const was = bits >> SINCE_START;
  if (bits & UNDER_VOLTAGE) {
    return { subject, severity: "problem", text: "The voltage is too low now.", remedy: REMEDY };
  }
  if (was & UNDER_VOLTAGE) {
    const text = "The voltage was too low since the machine was started.";
    return { subject, severity: "warning", text, remedy: REMEDY };
  }
  if ((bits | was) & THROTTLED) {
    return {
      subject,
      severity: "warning",
      text: "The processor is or was slowed down because of heat.",
      remedy: "Give the board a heat sink or a fan.",
    };
  }
  return { subject, severity: "ok", text: "Neither voltage nor heat have been a trouble." };
}

async function firmwareBits(machine: Machine): Promise<number | undefined> {
  const file = await machine.read("/sys/devices/platform/soc/soc:firmware/get_throttled");
  const told = file ?? (await machine.run("vcgencmd", "get_throttled"));
  const [, digits] = /^(?:throttled=0x)?([0-9a-f]+)$/i.exec(told ?? "") ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

async function voltageAlarm(machine: Machine): Promise<boolean | undefined> {
  for (const name of await machine.list(HWMON)) {
    const alarm = await machine.read(join(HWMON, name, "in0_lcrit_alarm"));
    if (alarm !== undefined) return alarm === "1";
  }
  return undefined;
}
