import { basename } from "node:path";
import type { Machine } from "./machine.js";

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number;
  /** Its name, of the script where an interpreter runs one. */
  readonly name: string;
}

const INTERPRETER = /^(node|nodejs|python[\d.]*|perl|ruby|java|bash|sh)$/;

/** All programs but this one. */
export async function runningPrograms(machine: Machine): Promise<readonly RunningProgram[]> {
  const pids = (await machine.list("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const programs = await Promise.all(
    pids.map(async (pid) => {
      const words = ((await machine.read(`/proc/${pid}/cmdline`)) ?? "").split("\0");
      const [first = "", ...rest] = words.map((word) => basename(word));
      const name = INTERPRETER.test(first)
        ? (rest.find((word) => !word.startsWith("-")) ?? first)
        : first;
      return { pid, name };
    }),
  );
  return programs.filter(({ pid, name }) => name !== "" && pid !== machine.pid);
}
