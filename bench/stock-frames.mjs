import { Daemon } from "./daemon.mjs";
import { median } from "./statistics.mjs";
import { StockServer } from "./stock.mjs";
import { processorTime } from "./usage.mjs";
import { WireClient } from "./wire-client.mjs";

const MODEL = "ASI6200MM Pro";
const DEVICE = `ZWO CCD ${MODEL}`;
const EXPOSURE = 0.2;

/** As many pixels as that camera has, 9576x6388, in the largest width that the other simulator has. */
const SIZE = { width: 8192, height: 7467 };

/** Takes a picture: the milliseconds from the end of the exposure to its last byte, and those of CPU in all processes. */
async function picture({ program, client, device }) {
  const before = processorTime(program.pids);
  const { milliseconds } = await client.expose(device, EXPOSURE);
  return { milliseconds, cpu: processorTime(program.pids) - before };
}

async function ours() {
  const program = await Daemon.start(MODEL);
  const client = await WireClient.connect(program.port);
  await client.useCamera(DEVICE);
  return { program, client, device: DEVICE };
}

async function stock() {
  const program = await StockServer.start();
  const client = await program.client();
  await StockServer.connectCamera(client, SIZE);
  return { program, client, device: StockServer.device };
}

/** Large frames by turns from us and from libindi's server and simulated camera, where the system has them. */
export async function stockFrames({ runs }) {
  if (!StockServer.isInstalled) return [];
  const sides = [await ours(), await stock()];
  const looks = [];
  for (const side of sides) await picture(side);
  for (let run = 0; run < runs; run++) {
    looks.push([await picture(sides[0]), await picture(sides[1])]);
  }
  for (const { client, program } of sides) {
    client.close();
    await program.stop();
  }
  const middle = (side, name) => median(looks.map((look) => look[side][name]));
  return [
    {
      id: "stock.ours",
      name: "ASI6200MM frame over TCP, by turns with",
      value: middle(0, "milliseconds"),
      unit: "ms",
    },
    {
      id: "stock.frame",
      name: "  indiserver indi_simulator_ccd, as many pixels",
      value: middle(1, "milliseconds"),
      unit: "ms",
    },
    { id: "stock.ours.cpu", name: "  CPU of ours", value: middle(0, "cpu"), unit: "ms" },
    {
      id: "stock.cpu",
      name: "  CPU of those, drawing included",
      value: middle(1, "cpu"),
      unit: "ms",
    },
  ];
}
