/*
 * Measures the built program on simulated cameras: `npm run bench`, or `node bench/run.mjs --help`.
 */
import { writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { frameCost } from "./cost.mjs";
import { frameLatency, frameLoopDelay, frameMemory } from "./frames.mjs";
import { pulseErrors } from "./pulses.mjs";
import { idleCost, startTime } from "./rest.mjs";
import { slowNeighbour } from "./slow-neighbour.mjs";
import { streams } from "./streams.mjs";

const MEASUREMENTS = {
  latency: frameLatency,
  cost: frameCost,
  memory: frameMemory,
  loop: frameLoopDelay,
  streams,
  slow: slowNeighbour,
  pulses: pulseErrors,
  start: startTime,
  idle: idleCost,
};

const HELP = `Measures the built program on simulated cameras.

  node bench/run.mjs [--only NAME,...] [--runs N] [--idle SECONDS] [--json FILE]

  --only NAME,...  some of: ${Object.keys(MEASUREMENTS).join(", ")}
  --runs N         repetitions of each, 10 unless given
  --idle SECONDS   how long the idle daemon is watched, 60 unless given
  --json FILE      writes the figures there as well

Exit codes: 0 done, 1 a bar was missed, 2 wrong use.
`;

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: Object.keys(MEASUREMENTS).join(",") },
      runs: { type: "string", default: "10" },
      idle: { type: "string", default: "60" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const names = values.only.split(",");
  const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined) throw new TypeError(`There is no measurement ${unknown}.`);
  const options = { runs: Number(values.runs), idleSeconds: Number(values.idle) };
  const machine = `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
  process.stdout.write(`${machine}\n\n`);
  const rows = [];
  for (const name of names) {
    for await (const row of await MEASUREMENTS[name](options)) {
      rows.push(row);
      process.stdout.write(`${line(row)}\n`);
    }
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
  }
  return rows.some(isMissed) ? 1 : 0;
}

function isMissed({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }) {
  return value > most || value < least;
}

function bar({ most, least }) {
  if (most !== undefined) return `at most ${most}`;
  return least === undefined ? undefined : `at least ${Math.round(least)}`;
}

function line(row) {
  const { name, value, unit } = row;
  const wanted = bar(row);
  const verdict = wanted === undefined ? "" : `  ${wanted}: ${isMissed(row) ? "MISSED" : "met"}`;
  return `${name.padEnd(48)} ${value.toFixed(2).padStart(9)} ${unit}${verdict}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
