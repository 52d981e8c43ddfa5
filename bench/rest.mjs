import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { ownResidentSize } from "./memory.mjs";
import { median } from "./statistics.mjs";
import { WireClient } from "./wire-client.mjs";

const MODELS = "ASI2600MC Pro,ASI290MM Mini";

/** Ticks of the scheduler's clock a second, as /proc counts CPU time. */
const TICKS = 100;

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
  return [{ id: "start", name: "Start to first definition", value: median(times), unit: "ms" }];
}

/** What two connected cameras cost while nobody asks for anything. */
export async function idleCost({ idleSeconds }) {
  const daemon = await Daemon.start(MODELS);
  try {
    const client = await WireClient.connect(daemon.port);
    for (const model of MODELS.split(",")) await client.useCamera(`ZWO CCD ${model}`);
    await delay(2000);
    const { pids } = daemon;
    const before = usage(pids);
    await delay(idleSeconds * 1000);
    const after = usage(pids);
    const cpu = (after.ticks - before.ticks) / TICKS / idleSeconds;
    const wakeUps = (after.wakeUps - before.wakeUps) / idleSeconds;
    const [main = 0, ...others] = pids.map(ownResidentSize);
    client.close();
    return [
      {
        id: "idle.cpu",
        name: "Idle, 2 cameras connected: CPU",
        value: cpu * 100,
        unit: "% of a core",
      },
      { id: "idle.wakeups", name: "  wake-ups", value: wakeUps, unit: "1/s" },
      { id: "idle.daemon", name: "  daemon's own memory", value: main / 1e6, unit: "MB" },
      {
        id: "idle.child",
        name: "  largest other process's",
        value: Math.max(...others) / 1e6,
        unit: "MB",
      },
    ];
  } finally {
    await daemon.stop();
  }
}

/** CPU time and wake-ups of processes since they started. */
function usage(pids) {
  let [ticks, wakeUps] = [0, 0];
  for (const pid of pids) {
    const [, fields] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
    const [user, system] = (fields ?? "").split(" ").slice(11, 13).map(Number);
    ticks += (user ?? 0) + (system ?? 0);
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${task}/status`, "latin1");
      wakeUps += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }
  }
  return { ticks, wakeUps };
}
