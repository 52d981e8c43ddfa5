import { basename } from "node:path";
import type { Machine } from "./machine.js";

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number;
  /** Its name, of the script where an interpreter runs one. */
  readonly name: string;
}

const INTERPRETER = /^(node|nodejs|python[\d.]*|perl|ruby|java|bash|sh)$/;
/** Options of theirs whose value is the next word, which is not the script. */
const WITH_VALUE =
  /^(-[rCWX]|-cp|-classpath|--(require|import|loader|experimental-loader|conditions|class-path|env-file))$/;
/** Options that are followed by the program's text. */
const INLINE = /^-[ec]$/;

/** All programs but this one. */
export async function runningPrograms(machine: Machine): Promise<readonly RunningProgram[]> {
  const pids = (await machine.list("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const programs = await Promise.all(
    pids.map(async (pid) => {
      const words = ((await machine.read(`/proc/${pid}/cmdline`)) ?? "").split("\0");
      return { pid, name: nameOf(words) };
    }),
  );
  return programs.filter(({ pid, name }) => name !== "" && pid !== machine.pid);
}

function nameOf([first = "", ...rest]: readonly string[]): string {
  const program = basename(first);
  if (!INTERPRETER.test(program)) return program;
  const script = rest.find(
    (word, index) => !word.startsWith("-") && !WITH_VALUE.test(rest[index - 1] ?? ""),
  );
  const isInline = INLINE.test(rest[rest.indexOf(script ?? "") - 1] ?? "");
  return script && !isInline ? basename(script) : program;
}
