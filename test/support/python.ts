import { spawnSync } from "node:child_process";

/** The system's Python, which the packages of the distribution (python3-astropy) are for. */
export const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";

/** Runs a Python program and returns the JSON it prints; fails with what it said if it fails. */
export function python(program: string, ...args: readonly string[]): unknown {
  const { error, status, stdout, stderr } = spawnSync(PYTHON, ["-c", program, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
