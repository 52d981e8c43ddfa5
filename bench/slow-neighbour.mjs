import { connect } from "node:net";
import { Daemon } from "./daemon.mjs";
import { peakMemory } from "./memory.mjs";
import { median } from "./statistics.mjs";
import { waitingTime } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const MODEL = "ASI6200MM Pro";
const DEVICE = `ZWO CCD ${MODEL}`;
const FRAME_BYTES = 9576 * 6388 * 2;

/** As short as in the other measurements of frames. */
const EXPOSURE = 0.2;

/** Frames in a row with the slow client, then as many without, so that both see the same machine. */
const BLOCK = 5;

/** The bars: what a client that hardly reads may cost another one, and the daemon. */
const MOST_SLOWER = 15;
const MOST_FRAMES_OF_MEMORY = 3.2;

/** A client that wants pictures and reads a byte a second; where it is closed it comes back. */
class SlowClient {
  #port;
  #socket;
  #isGone = false;

  /** @param {number} port of this machine */
  constructor(port) {
    this.#port = port;
    this.#connect();
  }

  leave() {
    this.#isGone = true;
    this.#socket.destroy();
  }

  #connect() {
    if (this.#isGone) return;
    const buffer = Buffer.alloc(1);
    const socket = connect({
      port: this.#port,
      host: "127.0.0.1",
      // One byte a read; false ends reading until it is resumed.
      onread: { buffer, callback: () => false },
    });
    const reading = setInterval(() => socket.resume(), 1000);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(reading);
      setTimeout(() => this.#connect(), 10);
    });
    socket.write(`<enableBLOB device="${DEVICE}">Only</enableBLOB>`);
    this.#socket = socket;
  }
}

/**
 * What a client that reads a byte a second costs the one that takes pictures, measured side by side. What our processes
 * waited for a processor that other programs had is left out.
 */
export async function slowNeighbour({ runs }) {
  const daemon = await Daemon.start(MODEL);
  const [alone, beside] = [[], []];
  let peak = 0;
  let closings = 0;
  try {
    const client = await WireClient.connect(daemon.port);
    await client.useCamera(DEVICE);
    const block = async (times) => {
      for (let frame = 0; frame < BLOCK; frame++) {
        const waited = waitingTime(daemon.pids);
        const { milliseconds } = await client.expose(DEVICE, EXPOSURE);
        times.push(milliseconds - (waitingTime(daemon.pids) - waited));
      }
    };
    await block([]);
    const measured = await peakMemory(daemon.pids, async () => {
      for (let run = 0; run < runs; run++) {
        // In turns first and last, so that a machine that grows busier counts for both.
        if (run % 2 === 0) await block(alone);
        const slow = new SlowClient(daemon.port);
        await block(beside);
        slow.leave();
        if (run % 2 === 1) await block(alone);
      }
    });
    peak = measured.peak;
    closings = daemon.log.match(/it holds up faster clients/g)?.length ?? 0;
    client.close();
  } finally {
    await daemon.stop();
  }
  const [without, along] = [median(alone), median(beside)];
  return [
    { id: "slow.alone", name: "ASI6200MM frame, no slow client", value: without, unit: "ms" },
    {
      id: "slow.beside",
      name: "  beside one that reads 1 byte a second",
      value: along,
      unit: "ms",
    },
    { id: "slow.worst", name: "  the slowest of those", value: Math.max(...beside), unit: "ms" },
    {
      id: "slow.more",
      name: "  more",
      value: (along / without - 1) * 100,
      unit: "%",
      most: MOST_SLOWER,
    },
    {
      id: "slow.memory",
      name: "  peak PSS",
      value: peak / FRAME_BYTES,
      unit: "frames",
      most: MOST_FRAMES_OF_MEMORY,
    },
    { id: "slow.closed", name: "  times the slow one was closed", value: closings, unit: "" },
  ];
}
