import { readdirSync, readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { descendantsOf } from "../support/daemon.js";
import { eventually } from "../support/steering.js";
import { COMBINATIONS, type Combination, WHICH } from "./combinations.js";
import { MODELS, type Phase } from "./deeds.js";
import { TormentedCamera } from "./tormented-camera.js";

/** So many cameras suffer at once: while one waits for what hangs, others do something. */
const CAMERAS: Readonly<Record<Phase["model"], number>> = {
  "ASI290MM Mini": 9,
  "ASI2600MC Pro": 2,
  "ASI174MM Trigger": 4,
};

/** With all error codes it takes long. */
const TIME = WHICH === "all" ? 3_600_000 : 420_000;

/** What a camera does when a fault strikes; undefined if that is all it should. */
async function complaint(
  camera: TormentedCamera,
  { phase, call, fault }: Combination,
): Promise<string | undefined> {
  try {
    await phase.prepare?.(camera);
    await camera.order(fault.order(call));
    await phase.act(camera);
    const hasSuffered = await camera.hasSuffered();
    const busy = await camera.busy();
    await camera.recover();
    if (busy.length > 0) return `Busy for ever: ${busy.join(", ")}`;
    return hasSuffered ? undefined : "it never came to it";
  } catch (error) {
    await camera.recover().catch(() => undefined);
    return `${error}`;
  }
}

/** What this process holds of the machine that a camera could have left. */
function holdings() {
  const descriptors = readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The one that was read with.
      return [];
    }
  });
  return {
    processes: descendantsOf(process.pid).length,
    descriptors: descriptors.length,
    memories: descriptors.filter((target) => target.includes("memfd:")).length,
  };
}

test(
  `${COMBINATIONS.length} faults in what clients do leave nothing Busy, nothing behind, and a camera that works`,
  async () => {
    const before = holdings();
    const complaints: string[] = [];
    const bystander = await TormentedCamera.start("ASI290MM Mini");
    let isOver = false;
    const undisturbed = (async () => {
      let pictures = 0;
      for (; !isOver; pictures++) await bystander.observer.expose(0.2);
      return pictures;
    })();
    const suffer = async (model: Phase["model"], pending: Combination[]) => {
      const camera = await TormentedCamera.start(model);
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        const said = await complaint(camera, next);
        const { phase, call, fault } = next;
        if (said !== undefined) complaints.push(`${phase.name}, ${call}, ${fault.name}: ${said}`);
      }
      await camera.close();
    };
    const began = performance.now();
    const suffering = MODELS.flatMap((model) => {
      const pending = COMBINATIONS.filter(({ phase }) => phase.model === model);
      return Array.from({ length: CAMERAS[model] }, () => suffer(model, pending));
    });
    await Promise.all(suffering);
    isOver = true;
    const pictures = await undisturbed;
    await bystander.close();
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(
      `${COMBINATIONS.length} combinations in ${seconds} s, ${complaints.length} complaints, ${pictures} pictures beside them\n`,
    );
    expect(complaints).toEqual([]);
    await eventually("nothing is left", () => holdings().processes <= before.processes);
    expect(holdings()).toEqual(before);
  },
  TIME,
);
