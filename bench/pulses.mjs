import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { monotonic } from "./clock.mjs";
import { Daemon } from "./daemon.mjs";
import { median, quantile } from "./statistics.mjs";
import { WireClient } from "./wire-client.mjs";

const GUIDE_CAMERA = "ASI290MM Mini";
const MAIN_CAMERA = "ASI6200MM Pro";
const BARE_TIMER = fileURLToPath(new URL("./bare-timer.mjs", import.meta.url));
const LENGTHS = [5, 20, 100, 500];
const DIRECTIONS = [
  ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_N"],
  ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_S"],
  ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_W"],
  ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_E"],
];

/** When each relay was closed and opened, in order, by the simulated camera's own record of its calls. */
function closedTimes(trace) {
  const times = [];
  const closedAt = new Map();
  for (const line of trace) {
    const [, at, call, direction] = /^(\S+) .* ASIPulseGuide(On|Off) .*?(\d) = 0$/.exec(line) ?? [];
    if (call === "On") closedAt.set(direction, Number(at));
    const since = call === "Off" ? closedAt.get(direction) : undefined;
    if (since !== undefined) times.push({ closed: since, opened: Number(at) });
    if (call === "Off") closedAt.delete(direction);
  }
  return times;
}

/** A thread that only waits, beside the pulses; gives the longest it was late, in milliseconds. */
function bareTimer() {
  const timer = fork(BARE_TIMER, LENGTHS.map(String));
  return async () => {
    timer.send("end");
    const [longest] = await once(timer, "message");
    return longest;
  };
}

/**
 * Sends pulses one after the other: how much longer each was than asked, how long after its start the answer to one of
 * the shortest was there, and how late a thread was that did nothing but wait.
 */
async function pulses(rounds, { models, keepBusy }) {
  const daemon = await Daemon.start(models, { isTraced: true });
  try {
    const client = await WireClient.connect(daemon.port);
    const device = `ZWO CCD ${GUIDE_CAMERA}`;
    await client.useCamera(device);
    const end = await keepBusy?.(daemon.port);
    const endTimer = bareTimer();
    const sent = [];
    for (let round = 0; round < rounds; round++) {
      for (const length of LENGTHS) {
        for (const [vector, element] of DIRECTIONS) {
          client.setNumbers(device, vector, { [element]: length });
          await client.expect(
            new RegExp(`<setNumberVector [^>]*name="${vector}"[^>]*state="Idle"`),
          );
          sent.push({ length, answered: monotonic() });
          await delay(3);
        }
      }
    }
    const limit = await endTimer();
    await end?.();
    client.close();
    const relays = closedTimes(daemon.trace);
    const looks = sent.map((pulse, index) => ({ ...pulse, ...relays[index] }));
    const errors = looks.map(({ length, closed, opened }) => (opened - closed) * 1000 - length);
    const answers = looks
      .filter(({ length }) => length === LENGTHS[0])
      .map(({ closed, answered }) => (answered - closed) * 1000);
    return { errors, answers, limit };
  } finally {
    await daemon.stop();
  }
}

/** Another client to which the guide camera streams 1111 small frames a second until told to end. */
async function keepStreaming(port) {
  const client = await WireClient.connect(port);
  const device = `ZWO CCD ${GUIDE_CAMERA}`;
  await client.useCamera(device);
  await client.startStream(device, { width: 640, height: 480, seconds: 0.0009 });
  client.watchBlobs(() => {});
  return async () => {
    client.choose(device, "CCD_VIDEO_STREAM", "STREAM_OFF");
    client.close();
  };
}

/** Another client that takes one large frame after the other until told to end. */
async function keepExposing(port) {
  const client = await WireClient.connect(port);
  const device = `ZWO CCD ${MAIN_CAMERA}`;
  await client.useCamera(device);
  let isWanted = true;
  const run = async () => {
    while (isWanted) await client.expose(device, 0.05);
  };
  const running = run();
  return async () => {
    isWanted = false;
    await running;
    client.close();
  };
}

function rows(id, name, { errors, answers, limit }) {
  return [
    { id: `${id}.median`, name: `${name}: median`, value: median(errors), unit: "ms", most: 0.2 },
    { id: `${id}.p99`, name: "  99 of 100", value: quantile(errors, 0.99), unit: "ms", most: 1 },
    { id: `${id}.worst`, name: "  longest", value: Math.max(...errors), unit: "ms", most: 3 },
    { id: `${id}.limit`, name: "  of a thread that only waits", value: limit, unit: "ms" },
    { id: `${id}.shortest`, name: "  shortest", value: Math.min(...errors), unit: "ms" },
    {
      id: `${id}.answer`,
      name: `  answer to ${LENGTHS[0]} ms after its start, median`,
      value: median(answers),
      unit: "ms",
      most: 8,
    },
  ];
}

/** What goes on beside the pulses. */
const SITUATIONS = [
  { id: "pulse.idle", name: "idle", models: GUIDE_CAMERA },
  { id: "pulse.stream", name: "streaming", models: GUIDE_CAMERA, keepBusy: keepStreaming },
  {
    id: "pulse.busy",
    name: "large frames",
    models: `${GUIDE_CAMERA},${MAIN_CAMERA}`,
    keepBusy: keepExposing,
  },
];

/** How exact guide pulses are: alone, while their camera streams, and while large frames of another are read and sent. */
export async function pulseErrors({ runs }) {
  const all = [];
  for (const { id, name, ...situation } of SITUATIONS) {
    all.push(...rows(id, `Guide pulse error, ${name}`, await pulses(runs, situation)));
  }
  return all;
}
