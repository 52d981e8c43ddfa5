import { describe, expect, test } from "vitest";
import { Driver } from "../../src/indi/driver.js";
import { IndiClient } from "../../src/indi/indi-client.js";
import { RemoteProperties } from "../../src/indi/remote-properties.js";
import { Snoop, SnoopedServer } from "../../src/indi/snoop.js";
import { snoopOn } from "../../src/indi/snoop-connection.js";
import { freePort, indiserver } from "../support/indiserver.js";
import { conversation, serving } from "../support/serving.js";

const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const SLOT = {
  kind: "Number",
  device: "Wheel",
  name: "FILTER_SLOT",
  elements: [{ name: "FILTER_SLOT_VALUE", value: "2" }],
} as const;

function source() {
  const asked: string[] = [];
  const server = new SnoopedServer((message) => {
    if (message.tag === "getProperties") asked.push(`${message.device}.${message.name}`);
  });
  return { server, asked };
}

function define(server: SnoopedServer, value: string): void {
  server.note({
    ...SLOT,
    tag: "def",
    label: "",
    group: "",
    perm: "rw",
    timeout: 0,
    state: "Ok",
    elements: [
      { name: "FILTER_SLOT_VALUE", label: "", format: "%g", min: 1, max: 8, step: 1, value },
    ],
  });
}

function slot(snoop: Snoop): string | undefined {
  return snoop.property("Wheel", "FILTER_SLOT")?.elements.get("FILTER_SLOT_VALUE")?.value;
}

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("It did not happen");
}

describe("snooping", () => {
  test("asks every source, the later ones too, once for each property", () => {
    const snoop = new Snoop();
    const [first, second] = [source(), source()];
    snoop.attach(first.server);
    snoop.watch("Wheel", "FILTER_SLOT");
    snoop.watch("Wheel", "FILTER_NAME");
    snoop.watch("Wheel", "FILTER_SLOT");
    snoop.attach(second.server);
    expect(first.asked).toEqual(["Wheel.FILTER_SLOT", "Wheel.FILTER_NAME"]);
    expect(second.asked).toEqual(["Wheel.FILTER_SLOT", "Wheel.FILTER_NAME"]);
  });

  test("ends with the last who watches: nothing is kept or asked any more", () => {
    const snoop = new Snoop();
    const [first, later] = [source(), source()];
    snoop.attach(first.server);
    const ends = [snoop.watch("Wheel", "FILTER_SLOT"), snoop.watch("Wheel", "FILTER_SLOT")];
    define(first.server, "1");
    ends[0]?.();
    expect(slot(snoop)).toBe("1");
    ends[1]?.();
    expect(slot(snoop)).toBeUndefined();
    define(first.server, "2");
    snoop.attach(later.server);
    expect(slot(snoop)).toBeUndefined();
    expect(later.asked).toEqual([]);
    snoop.watch("Wheel", "FILTER_SLOT");
    expect(first.asked).toEqual(["Wheel.FILTER_SLOT", "Wheel.FILTER_SLOT"]);
  });

  test("follows definitions and updates, and forgets what is deleted", () => {
    const snoop = new Snoop();
    const { server } = source();
    snoop.watch("Wheel", "FILTER_SLOT");
    snoop.attach(server);
    define(server, "1");
    expect(slot(snoop)).toBe("1");
    server.note({ ...SLOT, tag: "set", state: "Busy" });
    expect(slot(snoop)).toBe("2");
    expect(snoop.property("Wheel", "FILTER_SLOT")?.state).toBe("Busy");
    server.note({ tag: "delProperty", device: "Wheel" });
    expect(slot(snoop)).toBeUndefined();
  });

  test("forgets with a source all it has told", () => {
    const snoop = new Snoop();
    const [first, second] = [source().server, source().server];
    snoop.watch("Wheel", "FILTER_SLOT");
    for (const server of [first, second]) snoop.attach(server);
    define(first, "1");
    define(second, "5");
    expect(slot(snoop)).toBe("1");
    snoop.detach(first);
    expect(slot(snoop)).toBe("5");
    snoop.detach(second);
    expect(slot(snoop)).toBeUndefined();
  });

  test("keeps nothing that nobody asked for", () => {
    const snoop = new Snoop();
    const { server } = source();
    snoop.attach(server);
    define(server, "1");
    expect(slot(snoop)).toBeUndefined();
  });

  test("knows when a property was told last", () => {
    let now = 100;
    const properties = new RemoteProperties(() => now);
    const server = {
      tag: "def",
      label: "",
      group: "",
      state: "Ok",
      perm: "ro",
      timeout: 0,
    } as const;
    properties.note({ ...server, ...SLOT, kind: "Text", elements: [] });
    expect(properties.property("Wheel", "FILTER_SLOT")?.toldAt).toBe(100);
    now = 250;
    properties.note({ ...SLOT, tag: "set" });
    expect(properties.property("Wheel", "FILTER_SLOT")?.toldAt).toBe(250);
  });
});

describe("a driver", () => {
  test("snoops on a server that chains to it, and takes nothing from plain clients", async () => {
    const driver = new Driver();
    driver.snoop.watch("Wheel", "FILTER_SLOT");
    const { port } = await serving(driver);
    const set = `<defNumberVector device="Wheel" name="FILTER_SLOT" state="Ok" perm="rw">
      <defNumber name="FILTER_SLOT_VALUE" format="%g" min="1" max="8" step="1">3</defNumber></defNumberVector>`;
    const client = await conversation(port);
    client.send(`<getProperties version="1.7"/>${set}`);
    expect(await client.hearAll()).toEqual([]);
    expect(slot(driver.snoop)).toBeUndefined();
    const server = await conversation(port);
    server.send(`<getProperties version="1.7" device="*"/>`);
    await server.expect("getProperties", { device: "Wheel", name: "FILTER_SLOT" });
    server.send(set);
    await server.hearAll();
    expect(slot(driver.snoop)).toBe("3");
    server.close();
    await eventually(() => (slot(driver.snoop) === undefined ? true : undefined));
  });

  test("chained to indiserver knows of the mount there", async () => {
    const driver = new Driver();
    driver.snoop.watch("Telescope Simulator", "CONNECTION");
    const { port } = await serving(driver);
    await indiserver(["indi_simulator_telescope", `@localhost:${port}`]);
    const property = await eventually(() =>
      driver.snoop.property("Telescope Simulator", "CONNECTION"),
    );
    expect(property.elements.get("DISCONNECT")?.value).toBe("On");
  });
});

describe("a connection to snoop on another server", () => {
  test("is made once there is one, and made again after it was lost", async () => {
    const snoop = new Snoop();
    snoop.watch("Telescope Simulator", "CONNECTION");
    const look = () => snoop.property("Telescope Simulator", "CONNECTION");
    const stop = new AbortController();
    const port = await freePort();
    const running = snoopOn({ host: "localhost", port }, snoop, stop.signal, LOG, [50]);

    const first = await indiserver(["indi_simulator_telescope"], { port });
    await eventually(look);
    await first.stop();
    await eventually(() => (look() === undefined ? true : undefined));

    await indiserver(["indi_simulator_telescope"], { port });
    await eventually(look);
    const client = await IndiClient.connect({ port });
    client.getProperties("Telescope Simulator");
    await client.until(() => client.property("Telescope Simulator", "CONNECTION"));
    client.newSwitches("Telescope Simulator", "CONNECTION", { CONNECT: true });
    await eventually(() => look()?.elements.get("CONNECT")?.value === "On" || undefined);
    await client.close();
    stop.abort();
    await running;
    expect(look()).toBeUndefined();
  });
});
