import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { FRAME_NUMBERS, frameNumber } from "./frame-number.mjs";
import { loopbackRate } from "./limits.mjs";
import { median } from "./statistics.mjs";
import { usageOf } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const CAMERA = "ASI290MM Mini";
const DEVICE = `ZWO CCD ${CAMERA}`;

/** The pattern's value at the first pixel of a frame that is not binned. */
const ORIGIN = 4_099;

/** Seconds a stream runs before it is looked at, and then is watched, each time. */
const SETTLING = 1;
const WATCHED = 2;

/**
 * The streams measured. `usb` is what the camera's cable carries in 10^6 bytes a second, 0 for a memory's speed;
 * at the shortest exposure such a camera has more frames than anybody takes, and
 * only of the others (`isPaced`) it is worth knowing how many were left out.
 */
const STREAMS = [
  {
    id: "stream.paced",
    name: "1111 a second",
    isPaced: true,
    ...{ width: 640, height: 480, seconds: 0.0009, usb: 0 },
    bar: () => ({ least: 1000 }),
  },
  {
    id: "stream.small",
    name: "endless",
    ...{ width: 640, height: 480, seconds: 0.000_032, usb: 0 },
    bar: () => ({ least: 1000 }),
  },
  {
    id: "stream.camera",
    name: "at the camera's rate",
    isPaced: true,
    ...{ width: 1936, height: 1096, seconds: 0.000_032, usb: 350 },
    bar: (wire, delivered) => ({ least: 0.98 * Math.min(delivered, 0.9 * wire) }),
  },
  {
    id: "stream.large",
    name: "endless",
    ...{ width: 1936, height: 1096, seconds: 0.000_032, usb: 0 },
    bar: () => ({}),
  },
];

/** A daemon whose camera streams to one client, for as long as `use` takes. */
async function withStream({ width, height, seconds, usb }, use) {
  const daemon = await Daemon.start(CAMERA, { isProbed: true, usb });
  try {
    const client = await WireClient.connect(daemon.port);
    await client.useCamera(DEVICE);
    await client.startStream(DEVICE, { width, height, seconds });
    await use(daemon, client);
    client.close();
  } finally {
    await daemon.stop();
  }
}

/** The next word on how many frames there have been, with the time it came in milliseconds. */
async function statistics(client) {
  client.takeText();
  const [text] = await client.expect(
    /<setNumberVector [^>]*name="STREAM_STATS"[\s\S]*?<\/setNumberVector>/,
  );
  const [frames = 0, dropped = 0] = ["FRAME_NUMBER", "FRAMES_DROPPED"].map((name) =>
    Number(new RegExp(`name="${name}">([^<]*)`).exec(text)?.[1]),
  );
  return { time: performance.now(), frames, dropped };
}

/** Watches a stream: the frames that came, how many were left out between them, and what they cost. */
async function watched(daemon, client) {
  const before = await statistics(client);
  const seen = { frames: 0, missing: 0, backwards: 0, bytes: 0 };
  let last;
  client.watchBlobs((head, bytes) => {
    const number = frameNumber(head, ORIGIN);
    const step = last === undefined ? 1 : (number - last + FRAME_NUMBERS) % FRAME_NUMBERS;
    last = number;
    seen.frames++;
    seen.bytes = bytes;
    if (step === 0 || step > FRAME_NUMBERS / 2) seen.backwards++;
    else seen.missing += step - 1;
  });
  const used = await usageOf(daemon.pids, () => delay(WATCHED * 1000));
  client.watchBlobs(undefined);
  const after = await statistics(client);
  return {
    ...seen,
    delivered: ((after.frames - before.frames) * 1000) / (after.time - before.time),
    dropped: after.dropped - before.dropped,
    rate: seen.frames / used.seconds,
    cpu: (used.cpu / seen.frames) * 1000,
  };
}

async function streamed(stream, runs) {
  const looks = [];
  let loop;
  await withStream(stream, async (daemon, client) => {
    await delay(SETTLING * 1000);
    for (let run = 0; run < runs; run++) looks.push(await watched(daemon, client));
    client.watchBlobs(() => undefined);
    await daemon.loopDelay();
    await delay(WATCHED * 1000);
    loop = await daemon.loopDelay();
  });
  const middle = (name) => median(looks.map((look) => look[name]));
  return {
    rate: middle("rate"),
    cpu: middle("cpu"),
    delivered: middle("delivered"),
    dropped: middle("dropped"),
    missing: middle("missing") / middle("frames"),
    backwards: Math.max(...looks.map(({ backwards }) => backwards)),
    bytes: looks[0].bytes,
    loop,
  };
}

/** Frames a second to one client, beside what the machine's loopback carries of the same bytes. */
export async function* streams({ runs }) {
  for (const stream of STREAMS) {
    const { id, name, isPaced, width, height, bar } = stream;
    const found = await streamed(stream, Math.min(runs, 5));
    const wire = await loopbackRate(found.bytes, WATCHED);
    const size = `${width}x${height}`;
    yield {
      id: `${id}.rate`,
      name: `Stream of ${size}, ${name}`,
      value: found.rate,
      unit: "frames/s",
      ...bar(wire, found.delivered),
    };
    yield {
      id: `${id}.wire`,
      name: "  plain loopback of the same bytes",
      value: wire,
      unit: "frames/s",
    };
    yield {
      id: `${id}.delivered`,
      name: "  delivered by the vendor library",
      value: found.delivered,
      unit: "frames/s",
    };
    if (isPaced) {
      yield {
        id: `${id}.dropped`,
        name: "  left out by it meanwhile",
        value: found.dropped,
        unit: "frames",
      };
      yield {
        id: `${id}.lost`,
        name: "  lost between the library and the client",
        value: 100 * found.missing,
        unit: "%",
      };
    }
    yield {
      id: `${id}.backwards`,
      name: "  out of order",
      value: found.backwards,
      unit: "frames",
      most: 0,
    };
    yield { id: `${id}.cpu`, name: "  CPU of all processes a frame", value: found.cpu, unit: "ms" };
    yield {
      id: `${id}.loop`,
      name: "  event loop, 99 of 100 turns",
      value: found.loop.p99,
      unit: "ms",
      most: 5,
    };
    yield {
      id: `${id}.loop.worst`,
      name: "  event loop, worst",
      value: found.loop.max,
      unit: "ms",
      most: 20,
    };
  }
}
