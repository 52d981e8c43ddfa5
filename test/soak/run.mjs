/*
 * A night in short: two cameras, four clients and everything that goes wrong, for as long as wanted.
 * `npm run soak`, or `node test/soak/run.mjs --help`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Daemon } from "../../bench/daemon.mjs";
import { holdings, randomNumbers, slope } from "./figures.mjs";
import { GoodClient } from "./good-client.mjs";
import { malformedClient, slowClient, vanishingClient } from "./other-clients.mjs";
import { Torments } from "./torments.mjs";
import { Trace } from "./trace.mjs";

const HELP = `Lets two cameras and four clients live through a night of faults, and says what it cost.

  node test/soak/run.mjs [--minutes N] [--seed N] [--log]

  --minutes N  how long the faults last, 30 unless given
  --seed N     settles the order of faults and requests; shown in any case
  --log        shows the daemon's log at the end

Exit codes: 0 nothing was lost, 1 something was, 2 wrong use.
`;

const MODELS = ["ASI290MM Mini", "ASI120MM"];

/** Between two looks at the daemon's memory, in milliseconds. */
const LOOK = 5_000;

/** Longer than processes for files go on without work, in milliseconds. */
const LAST_USE = 70_000;

/** What is alive while caches fill is left out of the slope: this part of the run. */
const WARM_UP = 0.25;

/** The memory that may be gained in MB: code that is compiled when it is used often. */
const MOST_GAINED = 24;

/** A run of less than so many minutes is nothing but warming up: what counts is what is held after it. */
const SHORT_MINUTES = 5;

/** After such a time in milliseconds a process that is killed may still hold a frame it has told nobody of. */
const UNTOLD = 500;

async function main() {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
      log: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0)) throw new TypeError(`${values.minutes} is no number of minutes.`);
  if (!Number.isInteger(seed)) throw new TypeError(`${values.seed} is no whole number.`);
  process.stdout.write(`${minutes} minutes, seed ${seed}\n`);
  return soak(minutes, seed, values.log);
}

async function soak(minutes, seed, isLogShown) {
  const random = randomNumbers(seed);
  process.env.NODE_OPTIONS = `--import=${new URL("./collect-garbage.mjs", import.meta.url)}`;
  const daemon = await Daemon.start(MODELS.join(","), { isTraced: true });
  const trace = new Trace(daemon.tracePath);
  // Whatever becomes of this process.
  process.on("exit", () => daemon.kill());
  const devices = MODELS.map((model) => `ZWO CCD ${model}`);
  const good = [];
  for (const device of devices) good.push(await GoodClient.at(daemon.port, device, random));
  await takeFive(good);
  const before = await atRest(daemon);

  const ending = AbortSignal.timeout(minutes * 60_000);
  const torments = new Torments(daemon, trace, random);
  const looks = [];
  const work = Promise.all(good.map((each) => each.work()));
  await Promise.all([
    torments.reign(MODELS.length, ending),
    slowClient(daemon.port, devices, ending),
    vanishingClient(daemon.port, devices, random, ending),
    malformedClient(daemon.port, devices, random, ending),
    look(daemon, trace, looks, ending),
  ]);
  for (const each of good) each.end();
  await work;
  for (const each of good) await each.beConnected();
  const isWell = (await takeFive(good)).every(Boolean);
  await fewProcesses(daemon, before.processes);
  const after = await atRest(daemon);
  trace.read();
  for (const each of good) await each.leave();
  const exitCode = await daemon.stop();

  const violations = good.flatMap((each) => each.violations);
  if (!isWell) violations.push("not all of the last pictures came");
  if (exitCode !== 0) violations.push(`the daemon ended with code ${exitCode}`);
  if (after.descriptors > before.descriptors) {
    violations.push(`${after.descriptors - before.descriptors} descriptors were not closed`);
  }
  if (after.processes > before.processes) violations.push("processes were left");
  if (trace.closedRelays.size > 0) violations.push("a relay stayed closed");
  const downloads = judgeDownloads(trace, good, torments.kills);
  violations.push(...downloads.lost);
  violations.push(...unlogged(daemon.log, torments));
  const floor = leastOfEachMinute(looks);
  const megabytesAMinute = slope(floor.slice(Math.floor(floor.length * WARM_UP)));
  const gained =
    minutes < SHORT_MINUTES
      ? after.anonymousMegabytes - before.anonymousMegabytes
      : megabytesAMinute * minutes;
  if (gained > MOST_GAINED) {
    violations.push(`${gained.toFixed(0)} MB of memory were gained`);
  }

  if (isLogShown) process.stdout.write(`${daemon.log}\n`);
  const exposures = good.flatMap((each) => each.exposures);
  const came = exposures.filter(({ isBlob }) => isBlob).length;
  const sum = (field) => good.reduce((total, each) => total + each[field], 0);
  const lines = [
    [
      "faults",
      Object.entries(torments.counts)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(", "),
    ],
    ["exposures asked for", exposures.length],
    ["  ended with the picture", came],
    ["  ended with a reason", exposures.length - came],
    ["frames the cameras delivered", downloads.frames],
    ["  lost with a process killed before it told of them", downloads.excused],
    ["  lost otherwise", downloads.lost.length],
    ["pulses, streams, live frames", `${sum("pulses")}, ${sum("streams")}, ${sum("liveFrames")}`],
    ["connections made by the client itself", sum("reconnects")],
    ["longest exposure request", `${longest(exposures).toFixed(1)} s`],
    ["memory of the daemon (RssAnon), slope", `${megabytesAMinute.toFixed(3)} MB/min`],
    ["  least of each minute (MB)", floor.map(([, megabytes]) => megabytes.toFixed(0)).join(" ")],
    ["  at rest before and after", `${mb(before)} -> ${mb(after)} MB`],
    ["descriptors at rest before and after", `${before.descriptors} -> ${after.descriptors}`],
    ["processes at rest before and after", `${before.processes} -> ${after.processes}`],
    ["exit code of the daemon", exitCode],
  ];
  for (const [name, value] of lines) process.stdout.write(`${name.padEnd(52)} ${value}\n`);
  for (const violation of violations) process.stdout.write(`VIOLATED: ${violation}\n`);
  return violations.length === 0 ? 0 : 1;
}

async function takeFive(good) {
  const pictures = [];
  for (let number = 0; number < 5; number++) {
    for (const each of good) pictures.push(await each.expose(0.05));
  }
  return pictures;
}

/** Settles when there are no more processes than that, or they had the time to end. */
async function fewProcesses(daemon, most) {
  const began = performance.now();
  while (daemon.pids.length > most && performance.now() - began < LAST_USE) await delay(LOOK / 10);
}

/** What the daemon holds once nothing is going on: the least of some looks. */
async function atRest(daemon) {
  const looks = [];
  for (let number = 0; number < 6; number++) {
    await delay(500);
    looks.push(holdings(daemon.pid, daemon.pids));
  }
  const least = (field) => Math.min(...looks.map((each) => each[field]));
  return {
    anonymousMegabytes: least("anonymousMegabytes"),
    descriptors: least("descriptors"),
    processes: least("processes"),
  };
}

async function look(daemon, trace, looks, signal) {
  const began = performance.now();
  while (!signal.aborted) {
    looks.push({ at: performance.now() - began, ...holdings(daemon.pid, daemon.pids) });
    trace.read();
    await delay(LOOK, undefined, { signal }).catch(() => undefined);
  }
}

/** Points `[minute, MB]`: what is held while nothing much is going on, which is what would grow. */
function leastOfEachMinute(looks) {
  const minutes = new Map();
  for (const { at, anonymousMegabytes } of looks) {
    const minute = Math.floor(at / 60_000);
    minutes.set(
      minute,
      Math.min(minutes.get(minute) ?? Number.POSITIVE_INFINITY, anonymousMegabytes),
    );
  }
  return [...minutes];
}

/** Whether each frame that a camera delivered during an exposure became a picture of it. */
function judgeDownloads({ downloads }, good, kills) {
  const lost = [];
  let excused = 0;
  for (const { at, pid, camera } of downloads) {
    const exposure = good[camera]?.exposures.find(({ from, until }) => from <= at && at <= until);
    if (exposure === undefined || exposure.isBlob) continue;
    if (kills.some((kill) => kill.pid === pid && kill.at >= at && kill.at < at + UNTOLD)) excused++;
    else lost.push(`a frame of camera ${camera} was not delivered: ${exposure.message}`);
  }
  return { frames: downloads.length, lost, excused };
}

/** Every fault from outside must be found in the daemon's log. */
function unlogged(log, { kills, unplugs }) {
  const count = (pattern) => log.match(pattern)?.length ?? 0;
  const failures = count(/the camera process failed/g) + count(/lost: /g);
  const unplugged = count(/unplugged/g);
  const missing = [];
  if (failures < kills.length) missing.push(`${kills.length} kills, ${failures} in the log`);
  if (unplugged < unplugs / 2) missing.push(`${unplugs} unplugs, ${unplugged} in the log`);
  return missing;
}

function longest(exposures) {
  return Math.max(...exposures.map(({ from, until }) => until - from)) / 1000;
}

function mb({ anonymousMegabytes }) {
  return anonymousMegabytes.toFixed(1);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
