import { Daemon } from "./daemon.mjs";
import { median } from "./statistics.mjs";
import { StockServer } from "./stock.mjs";
import { WireClient } from "./wire-client.mjs";

const MODELS = "ASI2600MC Pro,ASI290MM Mini";

/** Milliseconds until a client that waits for the program has its first definition. */
async function untilDefined(start) {
  const started = performance.now();
  const { program, client } = await start();
  client.send('<getProperties version="1.7"/>');
  await client.expect(/<def\w+Vector /);
  const milliseconds = performance.now() - started;
  client.close();
  await program.stop();
  return milliseconds;
}

async function ours() {
  const program = await Daemon.start(MODELS);
  return { program, client: await WireClient.connect(program.port) };
}

async function stock() {
  const program = await StockServer.start();
  return { program, client: await program.client() };
}

/** From the start of the program to the first definition at a client, beside libindi's own with its simulated camera. */
export async function startTime({ runs }) {
  const [times, stocks] = [[], []];
  for (let run = 0; run < runs; run++) {
    times.push(await untilDefined(ours));
    if (StockServer.isInstalled) stocks.push(await untilDefined(stock));
  }
  const rows = [
    { id: "start", name: "Start to first definition", value: median(times), unit: "ms", most: 400 },
    { id: "start.fastest", name: "  fastest", value: Math.min(...times), unit: "ms" },
  ];
  if (stocks.length > 0) {
    rows.push({
      id: "start.stock",
      name: "  indiserver indi_simulator_ccd",
      value: median(stocks),
      unit: "ms",
    });
  }
  return rows;
}
