import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { median, quantile } from "./statistics.mjs";
import { WireClient } from "./wire-client.mjs";

const GUIDE_CAMERA = "ASI290MM Mini";
const MAIN_CAMERA = "ASI6200MM Pro";
const LENGTHS = [5, 20, 100, 500];
const DIRECTIONS = [
  ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_N"],
  ["TELESCOPE_TIMED_GUIDE_NS", "TIMED_GUIDE_S"],
  ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_W"],
  ["TELESCOPE_TIMED_GUIDE_WE", "TIMED_GUIDE_E"],
];

/** Milliseconds each relay was closed, in order, by the simulated camera's own record of its calls. */
function closedTimes(trace) {
  const times = [];
  const closedAt = new Map();
  for (const line of trace) {
    const [, at, call, direction] = /^(\S+) .* ASIPulseGuide(On|Off) .*?(\d) = 0$/.exec(line) ?? [];
    if (call === "On") closedAt.set(direction, Number(at));
    const since = call === "Off" ? closedAt.get(direction) : undefined;
    if (since !== undefined) times.push((Number(at) - since) * 1000);
    if (call === "Off") closedAt.delete(direction);
  }
  return times;
}

/** Sends pulses one after the other; how much longer each was than asked, and how long answers took beyond it. */
async function pulses(rounds, { isBusy }) {
  const models = isBusy ? `${GUIDE_CAMERA},${MAIN_CAMERA}` : GUIDE_CAMERA;
  const daemon = await Daemon.start(models, { isTraced: true });
  try {
    const client = await WireClient.connect(daemon.port);
    const device = `ZWO CCD ${GUIDE_CAMERA}`;
    await client.useCamera(device);
    const pictures = isBusy ? await keepExposing(daemon.port) : undefined;
    const asked = [];
    const answers = [];
    for (let round = 0; round < rounds; round++) {
      for (const length of LENGTHS) {
        for (const [vector, element] of DIRECTIONS) {
          const sent = performance.now();
          client.setNumbers(device, vector, { [element]: length });
          await client.expect(
            new RegExp(`<setNumberVector [^>]*name="${vector}"[^>]*state="Idle"`),
          );
          answers.push(performance.now() - sent - length);
          asked.push(length);
          await delay(3);
        }
      }
    }
    await pictures?.end();
    client.close();
    const errors = closedTimes(daemon.trace).map(
      (time, index) => time - (asked[index] ?? Number.NaN),
    );
    return { errors, answers };
  } finally {
    await daemon.stop();
  }
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
  return {
    async end() {
      isWanted = false;
      await running;
      client.close();
    },
  };
}

function rows(id, name, { errors, answers }) {
  return [
    { id: `${id}.median`, name: `${name}: median`, value: median(errors), unit: "ms" },
    { id: `${id}.p99`, name: "  99 of 100", value: quantile(errors, 0.99), unit: "ms" },
    { id: `${id}.worst`, name: "  longest", value: Math.max(...errors), unit: "ms" },
    { id: `${id}.shortest`, name: "  shortest", value: Math.min(...errors), unit: "ms" },
    {
      id: `${id}.answer`,
      name: "  answer after the end, median",
      value: median(answers),
      unit: "ms",
    },
  ];
}

/** How exact guide pulses are: alone, and while the other camera's large frames are read and sent. */
export async function pulseErrors({ runs }) {
  return [
    ...rows("pulse.idle", "Guide pulse error, idle", await pulses(runs, { isBusy: false })),
    ...rows("pulse.busy", "Guide pulse error, large frames", await pulses(runs, { isBusy: true })),
  ];
}
