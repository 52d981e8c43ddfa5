import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { residentSize } from "./memory.mjs";
import { median } from "./statistics.mjs";
import { usageOf } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const MODELS = "ASI2600MC Pro,ASI290MM Mini";

/** From the start of the program to the first definition at a client. */
export async function startTime({ runs }) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const daemon = await Daemon.start(MODELS);
    const client = await WireClient.connect(daemon.port);
    client.send('<getProperties version="1.7"/>');
    await client.expect(/<def\w+Vector /);
    times.push(performance.now() - started);
    client.close();
    await daemon.stop();
  }
  return [
    { id: "start", name: "Start to first definition", value: median(times), unit: "ms", most: 400 },
  ];
}

/** What two connected cameras cost while nobody asks for anything. */
export async function idleCost({ idleSeconds }) {
  const daemon = await Daemon.start(MODELS);
  try {
    const client = await WireClient.connect(daemon.port);
    for (const model of MODELS.split(",")) await client.useCamera(`ZWO CCD ${model}`);
    await delay(2000);
    const { pids } = daemon;
    const used = await usageOf(pids, () => delay(idleSeconds * 1000));
    const [main = 0, ...others] = pids.map(residentSize);
    client.close();
    return [
      {
        id: "idle.cpu",
        name: "Idle, 2 cameras connected: CPU",
        value: (used.cpu / used.seconds) * 100,
        unit: "% of a core",
        most: 0.3,
      },
      { id: "idle.wakeups", name: "  wake-ups", value: used.wakeUps / used.seconds, unit: "1/s" },
      { id: "idle.daemon", name: "  daemon's memory", value: main / 1e6, unit: "MB", most: 80 },
      {
        id: "idle.child",
        name: "  largest other process's",
        value: Math.max(...others) / 1e6,
        unit: "MB",
        most: 70,
      },
    ];
  } finally {
    await daemon.stop();
  }
}
