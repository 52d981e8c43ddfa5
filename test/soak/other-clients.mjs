import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Bytes a second that the slow client reads. */
const SLOW_RATE = 200_000;

const subscribe = (device) =>
  `<getProperties version="1.7"/><enableBLOB device="${device}">Also</enableBLOB>`;

const pulse = (device) =>
  `<newNumberVector device="${device}" name="TELESCOPE_TIMED_GUIDE_NS"><oneNumber name="TIMED_GUIDE_N">500</oneNumber></newNumberVector>`;

const NONSENSE = [
  "<getProperties version='1.7'></enableBLOB>",
  "<<<<",
  "<a>".repeat(50),
  `<newTextVector device="${"x".repeat(3_000_000)}`,
  Buffer.from([0x3c, 0x00, 0xff, 0xfe, 0x00, 0x3e]),
  `<newNumberVector device="Nobody" name="CCD_EXPOSURE"><oneNumber name="X">1</oneNumber></newNumberVector>`,
  `<newBLOBVector device="Nobody" name="CCD1"><oneBLOB name="CCD1" size="9" format=".x">!!!!</oneBLOB></newBLOBVector>`,
];

/** Values that no property takes, for properties the good client does not wait for. */
const refused = (device) =>
  ["nan", "1e999", "-1", "", "12:61:99"]
    .map(
      (value) =>
        `<newNumberVector device="${device}" name="POLLING_PERIOD"><oneNumber name="PERIOD_MS">${value}</oneNumber></newNumberVector>`,
    )
    .join("");

/** Wants all pictures and reads them far too slowly; comes back each time it is sent away. */
export async function slowClient(port, devices, signal) {
  await visits(port, signal, async (socket) => {
    socket.write(devices.map(subscribe).join(""));
    while (!signal.aborted && !socket.destroyed) {
      // What is not read stays with the system, and then with the daemon.
      const piece = socket.read(SLOW_RATE / 10) ?? socket.read();
      if (piece === null && socket.readableEnded) break;
      await delay(100);
    }
  });
}

/** Comes, wants everything, sets relays in motion, and vanishes at any moment without a word. */
export async function vanishingClient(port, devices, random, signal) {
  await visits(port, signal, async (socket) => {
    socket.resume();
    socket.write(devices.map(subscribe).join(""));
    if (random() < 0.5) socket.write(pulse(devices[0]));
    await delay(50 + 3_000 * random());
    if (random() < 0.5) socket.resetAndDestroy();
  });
}

/** Sends what is no INDI, and INDI that makes no sense. */
export async function malformedClient(port, devices, random, signal) {
  await visits(port, signal, async (socket) => {
    socket.resume();
    socket.write(refused(devices[Math.floor(random() * devices.length)]));
    await delay(200);
    socket.write(NONSENSE[Math.floor(random() * NONSENSE.length)]);
    await delay(500);
  });
}

/** One connection after the other until the end. */
async function visits(port, signal, visit) {
  while (!signal.aborted) {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    const hasCome = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      delay(5_000, false),
    ]);
    if (hasCome) await visit(socket);
    socket.destroy();
    await delay(200);
  }
}
