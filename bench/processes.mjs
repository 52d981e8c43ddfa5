import { readdirSync, readFileSync } from "node:fs";

/**
 * A process and all that it and they have started, itself first.
 *
 * @param {number} pid
 */
export function familyOf(pid) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const withChildren = (pid) => [pid, ...(children.get(pid) ?? []).flatMap(withChildren)];
  return withChildren(pid);
}

function parentOf(pid) {
  try {
    // The name of the program, in parentheses, may contain anything.
    const [, rest] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
    return Number(rest);
  } catch {
    return undefined;
  }
}
