import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { residentSize } from "./memory.mjs";
import { usageOf } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const MODELS = "ASI2600MC Pro,ASI290MM Mini";

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
