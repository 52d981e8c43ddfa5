/*
 * Measures the built program on simulated cameras: `npm run bench`, or `node bench/run.mjs --help`.
 */
import { writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { frameCost } from "./cost.mjs";
import { definitionRate } from "./definitions.mjs";
import { frameLatency, frameLoopDelay, frameMemory } from "./frames.mjs";
import { idleCost } from "./idle.mjs";
import { pulseErrors } from "./pulses.mjs";
import { slowNeighbour } from "./slow-neighbour.mjs";
import { startTime } from "./start.mjs";
import { stockFrames } from "./stock-frames.mjs";
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
  definitions: definitionRate,
  stock: stockFrames,
};

const HELP = `Measures the built program on simulated cameras.

  node bench/run.mjs [--quick] [--only NAME,...] [--runs N] [--idle SECONDS] [--json FILE]

  --quick          2 repetitions and 15 s of idleness unless said otherwise: about a minute
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
      quick: { type: "boolean", default: false },
      runs: { type: "string" },
      idle: { type: "string" },
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
  const options = {
    runs: Number(values.runs ?? (values.quick ? 2 : 10)),
    idleSeconds: Number(values.idle ?? (values.quick ? 15 : 60)),
  };
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
  const missed = rows.filter(isMissed);
  const barred = rows.filter((row) => bar(row) !== undefined);
  process.stdout.write(`\n${barred.length - missed.length} of ${barred.length} bars met\n`);
  return missed.length > 0 ? 1 : 0;
}

function isMissed({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }) {
  // A figure that is none was not measured.
  return !(value <= most && value >= least);
}

/** By how much a bar was missed. */
function distance({ value, most, least }) {
  if (most === 0) return "";
  const part = most === undefined ? 1 - value / least : value / most - 1;
  return ` by ${Math.ceil(100 * part)} %`;
}

function bar({ most, least }) {
  if (most !== undefined) return `at most ${most}`;
  return least === undefined ? undefined : `at least ${Math.round(least)}`;
}

function line(row) {
  const { name, value, unit } = row;
  const wanted = bar(row);
  const verdict =
    wanted === undefined ? "" : `  ${wanted}: ${isMissed(row) ? `MISSED${distance(row)}` : "met"}`;
  return `${name.padEnd(48)} ${value.toFixed(2).padStart(9)} ${unit}${verdict}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
