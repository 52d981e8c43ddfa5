import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Daemon } from "./daemon.mjs";
import { memoryCopy, PlainSend } from "./limits.mjs";
import { peakMemory } from "./memory.mjs";
import { median } from "./statistics.mjs";
import { WireClient } from "./wire-client.mjs";

/** One frame of each in the camera's memory, 16 bits a pixel. */
const LARGE = { model: "ASI6200MM Pro", bytes: 9576 * 6388 * 2 };
const SMALL = { model: "ASI120MM", bytes: 1280 * 960 * 2 };

/** Short, but not so short that the last frame is still on its way when the exposure ends. */
const EXPOSURE = 0.2;

/** The bars of a large frame: the daemon keeps nobody waiting longer, and takes no more memory. */
const MOST_LOOP_DELAY = 20;
const MOST_FRAMES_OF_MEMORY = 2.2;

/** A daemon with one camera and a client that uses it, for as long as `use` takes. */
async function withCamera(model, options, use) {
  const daemon = await Daemon.start(model, options);
  try {
    const client = await WireClient.connect(daemon.port);
    const device = `ZWO CCD ${model}`;
    await client.useCamera(device);
    client.choose(device, "CCD_VIDEO_FORMAT", "ASI_IMG_RAW16");
    const expose = async () => {
      const { arrived, ...frame } = await client.expose(device, EXPOSURE);
      if (!options.isTraced) return frame;
      // From the very end of the exposure: before it the command was on its way.
      const ended = daemon.exposuresBegun.at(-1) + EXPOSURE;
      return { ...frame, milliseconds: (arrived - ended) * 1000 };
    };
    // The first frame finds no memory that is mapped already.
    const first = await expose();
    await use({ daemon, expose, first });
    client.close();
  } finally {
    await daemon.stop();
  }
}

/** Takes frames, each followed by what the machine can do with the same bytes at that moment. */
async function besideLimits(runs) {
  const copy = memoryCopy(LARGE.bytes);
  const looks = [];
  await withCamera(LARGE.model, { isTraced: true }, async ({ expose, first }) => {
    const plain = await PlainSend.start(first.bytes);
    for (let run = 0; run < runs; run++) {
      const { milliseconds: frame } = await expose();
      const { milliseconds: send } = await plain.send();
      looks.push({ frame, send, copy: copy() });
    }
    await plain.end();
  });
  return looks;
}

async function latency(model, runs) {
  const times = [];
  await withCamera(model, { isTraced: true }, async ({ expose }) => {
    for (let run = 0; run < runs; run++) times.push((await expose()).milliseconds);
  });
  return median(times);
}

const LOCAL_CLIENT = fileURLToPath(new URL("./local-client.py", import.meta.url));

/** From the end of the exposure to the frame at a client on this machine, which gets it by descriptor. */
async function localLatency(model, runs) {
  const daemon = await Daemon.start(model, { isTraced: true });
  try {
    const args = [LOCAL_CLIENT, daemon.localName, `ZWO CCD ${model}`, `${runs + 1}`, `${EXPOSURE}`];
    const { stdout } = await promisify(execFile)("python3", args);
    const begun = daemon.exposuresBegun;
    const times = stdout
      .trim()
      .split("\n")
      .map((arrived, index) => (Number(arrived) - begun[index] - EXPOSURE) * 1000);
    // The first frame finds no memory that is mapped already.
    return median(times.slice(1));
  } finally {
    await daemon.stop();
  }
}

/** From the end of the exposure to the last byte at the client, beside what the machine can do at all. */
export async function frameLatency({ runs }) {
  const looks = await besideLimits(runs);
  const middle = (of) => median(looks.map(of));
  const copy = middle((look) => look.copy);
  const ratio = middle(({ frame, send, copy }) => frame / (send + copy));
  const local = await localLatency(LARGE.model, runs);
  const small = await latency(SMALL.model, 3 * runs);
  return [
    {
      id: "frame.large",
      name: "ASI6200MM frame over TCP",
      value: middle(({ frame }) => frame),
      unit: "ms",
    },
    {
      id: "limit.send",
      name: "  plain send of the same base64",
      value: middle(({ send }) => send),
      unit: "ms",
    },
    { id: "limit.copy", name: "  memory copy of the frame", value: copy, unit: "ms" },
    { id: "frame.ratio", name: "  frame over both, run by run", value: ratio, unit: "", most: 1.4 },
    {
      id: "frame.local",
      name: "ASI6200MM frame by descriptor",
      value: local,
      unit: "ms",
      most: Number((1.5 * copy + 5).toFixed(1)),
    },
    { id: "frame.small", name: "ASI120MM frame over TCP", value: small, unit: "ms", most: 5 },
  ];
}

/** The most memory all processes take together while large frames are taken and sent, in frames. */
export async function frameMemory({ runs }) {
  let worst = 0;
  await withCamera(LARGE.model, {}, async ({ daemon, expose }) => {
    const { peak } = await peakMemory(daemon.pids, async () => {
      for (let run = 0; run < runs; run++) await expose();
    });
    worst = peak;
  });
  return [
    { id: "memory.bytes", name: "Peak PSS with ASI6200MM frames", value: worst / 1e6, unit: "MB" },
    {
      id: "memory.frames",
      name: "  in frames",
      value: worst / LARGE.bytes,
      unit: "frames",
      most: MOST_FRAMES_OF_MEMORY,
    },
  ];
}

/** The longest time the daemon's event loop is held up while large frames are taken and sent. */
export async function frameLoopDelay({ runs }) {
  const delays = [];
  await withCamera(LARGE.model, { isProbed: true }, async ({ daemon, expose }) => {
    await daemon.loopDelay();
    for (let run = 0; run < runs; run++) {
      await expose();
      delays.push(await daemon.loopDelay());
    }
  });
  return [
    {
      id: "loop.worst",
      name: "Event loop held up by ASI6200MM frames, worst",
      value: Math.max(...delays.map(({ max }) => max)),
      unit: "ms",
      most: MOST_LOOP_DELAY,
    },
    {
      id: "loop.p99",
      name: "  99 of 100 turns",
      value: Math.max(...delays.map(({ p99 }) => p99)),
      unit: "ms",
    },
  ];
}
