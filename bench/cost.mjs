import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Daemon } from "./daemon.mjs";
import { PlainSend } from "./limits.mjs";
import { peakMemory } from "./memory.mjs";
import { median } from "./statistics.mjs";
import { processorTime } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const MODEL = "ASI6200MM Pro";
const DEVICE = `ZWO CCD ${MODEL}`;
const EXPOSURE = 0.2;
const MANY = 8;

/** What clients still take when the first one has its picture, in milliseconds. */
const SETTLING = 300;

const ONLOOKER = fileURLToPath(new URL("./onlooker.mjs", import.meta.url));

/** What frames cost all processes together: milliseconds of CPU each, and the most memory in MB. */
async function framesFor(clients, runs) {
  const daemon = await Daemon.start(MODEL);
  const onlookers = [];
  try {
    const client = await WireClient.connect(daemon.port);
    await client.useCamera(DEVICE);
    for (let number = 1; number < clients; number++) {
      onlookers.push(fork(ONLOOKER, [`${daemon.port}`, DEVICE]));
    }
    await Promise.all(onlookers.map((onlooker) => once(onlooker, "message")));
    const { bytes } = await client.expose(DEVICE, EXPOSURE);
    await delay(SETTLING);
    const times = [];
    const { peak } = await peakMemory(daemon.pids, async () => {
      for (let run = 0; run < runs; run++) {
        const before = processorTime(daemon.pids);
        await client.expose(DEVICE, EXPOSURE);
        await delay(SETTLING);
        times.push(processorTime(daemon.pids) - before);
      }
    });
    client.close();
    return { cpu: median(times), peak: peak / 1e6, bytes };
  } finally {
    for (const onlooker of onlookers) onlooker.kill();
    await daemon.stop();
  }
}

/** What a large frame costs for one client and for many, beside the plain send of its text. */
export async function frameCost({ runs }) {
  const one = await framesFor(1, runs);
  const many = await framesFor(MANY, runs);
  const plain = await PlainSend.start(one.bytes);
  const sends = [];
  for (let run = 0; run < runs; run++) sends.push((await plain.send()).cpu);
  await plain.end();
  const send = median(sends);
  return [
    { id: "cost.one", name: "CPU of an ASI6200MM frame over TCP", value: one.cpu, unit: "ms" },
    { id: "limit.cpu", name: "  of a plain send of the same base64", value: send, unit: "ms" },
    {
      id: "cost.ratio",
      name: "  frame over plain send",
      value: one.cpu / send,
      unit: "",
      most: 2.5,
    },
    { id: "cost.many", name: `  for ${MANY} clients`, value: many.cpu, unit: "ms" },
    { id: "cost.growth", name: "  over one", value: many.cpu / one.cpu, unit: "", most: 3 },
    {
      id: "cost.further",
      name: "  each further one, over a plain send",
      value: (many.cpu - one.cpu) / (MANY - 1) / send,
      unit: "",
      most: 1.25,
    },
    { id: "peak.one", name: "Peak PSS, one client", value: one.peak, unit: "MB", most: 200 },
    { id: "peak.many", name: `  ${MANY} clients`, value: many.peak, unit: "MB", most: 260 },
  ];
}
