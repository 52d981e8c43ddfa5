import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "./daemon.mjs";
import { median } from "./statistics.mjs";
import { StockServer } from "./stock.mjs";
import { WireClient } from "./wire-client.mjs";

const MODEL = "ASI290MM Mini";
const DEFINITION = /<def\w+Vector /;

/** Requests for all properties that are under way at a time: fewer a second than a client may make. */
const REQUESTS = 40;

/** A client that asks counts as having all when nothing has come for so long, in milliseconds. */
const SILENCE = 500;

/** How many properties a connected device defines for whoever asks, and how many such definitions it sends a second. */
async function definitionsOf(client, device, runs) {
  const ask = `<getProperties version="1.7" device="${device}"/>`;
  await delay(SILENCE);
  client.takeText();
  client.send(ask);
  await delay(SILENCE);
  const count = client.takeText().match(new RegExp(DEFINITION, "g"))?.length ?? 0;
  const rates = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    client.send(ask.repeat(REQUESTS));
    for (let seen = 0; seen < REQUESTS * count; seen++) await client.expect(DEFINITION);
    rates.push((REQUESTS * count * 1000) / (performance.now() - started));
    // What a client has not used of its requests a second it may use later.
    await delay(SILENCE);
  }
  return { count, rate: median(rates) };
}

/** Definitions a second to one client that asks for all of a camera's properties again and again. */
export async function definitionRate({ runs }) {
  const daemon = await Daemon.start(MODEL);
  const client = await WireClient.connect(daemon.port);
  await client.useCamera(`ZWO CCD ${MODEL}`);
  const ours = await definitionsOf(client, `ZWO CCD ${MODEL}`, runs);
  client.close();
  await daemon.stop();
  const rows = [
    { id: "definitions", name: "Definitions", value: ours.rate, unit: "1/s" },
    { id: "definitions.count", name: "  of one camera", value: ours.count, unit: "" },
  ];
  if (StockServer.isInstalled) {
    const server = await StockServer.start();
    const other = await server.client();
    await StockServer.connectCamera(other);
    const stock = await definitionsOf(other, StockServer.device, runs);
    other.close();
    await server.stop();
    rows.push({
      id: "definitions.stock",
      name: "  indiserver indi_simulator_ccd",
      value: stock.rate,
      unit: "1/s",
    });
  }
  return rows;
}
