import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { IndiClient } from "../../src/indi/indi-client.js";
import type { Message, NewVector } from "../../src/indi/messages.js";
import type { RemoteProperty } from "../../src/indi/remote-property.js";
import type { Kind, Range } from "../../src/indi/types.js";
import { write } from "../../src/indi/writer.js";
import { startDaemon } from "../support/daemon.js";
import { amount, longest, ownMegabytes } from "../support/fuzzing.js";
import { Observer } from "./observer.js";

const MODELS = ["ASI120MM", "ASI174MM Trigger"];
const DEVICES = MODELS.map((model) => `ZWO CCD ${model}`);
const PATIENCE = { timeout: 60_000 };

/** What takes long to be carried out is asked for now and then only. */
const SLOW = /^(CONNECTION|NICKNAME|USB_RESET|CONFIG_PROCESS|CCD_VIDEO_STREAM|RECORD_STREAM)$/;

/** Something once in so many times, else null. */
function seldom<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** What the garbage collector of a daemon that is kept busy leaves about, in MB. */
const MOST_GAINED = 128;

/** What hardly any element takes. */
const WILD = fc.oneof(
  fc.constantFrom("", "nan", "1e999", "0x10", "12:34:56", "-0", "on", "%s%n", "x".repeat(9_000)),
  fc.constantFrom("/etc/x", "../../x", "_HOME_/x", "CCD_EXPOSURE", "true"),
  fc.double().map(String),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** A request as numbers and words; which property they mean depends on those there are when it is sent. */
const request = fc.record({
  device: fc.nat(),
  property: fc.nat(),
  mayBeSlow: fc.integer({ min: 0, max: 200 }).map((dice) => dice === 0),
  /** Of the property, most of the time. */
  kind: seldom(12, fc.constantFrom("Number", "Switch", "Text", "BLOB")),
  name: seldom(30, fc.string()),
  elements: fc.array(
    fc.record({
      element: fc.nat(),
      name: seldom(20, fc.string()),
      /** A place in the element's range, or words. */
      value: fc.oneof(
        { weight: 15, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
        { weight: 1, arbitrary: WILD },
      ),
    }),
    { maxLength: 4 },
  ),
});

type Wish = ReturnType<typeof request.generate>["value"];

test(
  "Any requests are answered, none stays Busy, and nobody else notices",
  async () => {
    const daemon = await startDaemon({ models: MODELS.join(), env: { ASI_SIM_PATTERN: "1" } });
    onTestFinished(() => daemon.stop());
    const fuzzer = await Fuzzer.at(daemon.port);
    const other = await Observer.at(daemon.port, DEVICES[0] ?? "");
    onTestFinished(() => void other.client.close());
    await fuzzer.settle();
    const limits = { slowest: 0, before: 0, most: 0 };
    let batches = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 40, maxLength: 80 }),
        fc.nat(),
        async (wishes, at) => {
          const unanswered = fuzzer.ask(wishes);
          await sendBroken(daemon.port, wishes.at(-1), at, fuzzer);
          const began = performance.now();
          await pong(other.client);
          limits.slowest = Math.max(limits.slowest, performance.now() - began);
          await fuzzer.settle();
          expect([...unanswered()]).toEqual([]);
          expect(fuzzer.busy()).toEqual([]);
          expect(daemon.exitCode).toBeNull();
          if (++batches === 20) limits.before = ownMegabytes(daemon.pid);
        },
      ),
      { ...amount(600), endOnFailure: true },
    );

    process.stdout.write(
      `${fuzzer.requests} requests, answered ${JSON.stringify(fuzzer.answers)}\n`,
    );
    process.stdout.write(`slowest answer to another client: ${limits.slowest.toFixed()} ms\n`);
    const gained = ownMegabytes(daemon.pid) - limits.before;
    process.stdout.write(`${gained.toFixed(1)} MB gained\n`);
    expect(gained).toBeLessThan(MOST_GAINED);
    expect(daemon.stderr).not.toMatch(/TypeError|RangeError|ReferenceError/);
  },
  longest(400_000),
);

/** A client that asks for anything, and keeps count of what is answered. */
class Fuzzer {
  requests = 0;
  /** How many answers of each state came. */
  readonly answers = { Idle: 0, Ok: 0, Busy: 0, Alert: 0 };
  readonly #client: IndiClient;
  /** What was asked and not spoken of since. */
  readonly #open = new Map<string, string>();

  private constructor(client: IndiClient) {
    this.#client = client;
    // It ends with the connection.
    client.expect((message) => this.#note(message)).catch(() => undefined);
  }

  static async at(port: number): Promise<Fuzzer> {
    const client = await IndiClient.connect({ port });
    onTestFinished(() => void client.close());
    client.getProperties();
    await client.until(() => client.devices.length === DEVICES.length, PATIENCE);
    return new Fuzzer(client);
  }

  /** Sends requests; the answer gives those that were not answered, any time later. */
  ask(wishes: readonly Wish[]): () => Iterable<string> {
    this.#open.clear();
    for (const wish of wishes) {
      this.requests++;
      this.#send(this.request(wish));
    }
    return () => this.#open.values();
  }

  /** Makes a request of a wish. */
  request({ device, property, mayBeSlow, kind, name, elements }: Wish): NewVector {
    const { devices } = this.#client;
    const target = devices[device % devices.length] ?? "";
    const properties = this.#client
      .properties(target)
      .filter((each) => mayBeSlow || !SLOW.test(each.name));
    const chosen = properties[property % properties.length];
    const heading = { tag: "new", device: target, name: name || chosen?.name || "NONE" } as const;
    const kindOf = kind ?? (chosen === undefined || chosen.kind === "Light" ? "Text" : chosen.kind);
    if (kindOf === "BLOB") return { ...heading, kind: kindOf, elements: [] };
    const ones = elements.map((one) => {
      const [element, details] = [...(chosen?.elements ?? [])][
        one.element % (chosen?.elements.size || 1)
      ] ?? ["X"];
      return { name: one.name || element, value: text(one.value, kindOf, details?.range) };
    });
    return { ...heading, kind: kindOf, elements: ones };
  }

  /** The properties that are still being worked on. */
  busy(): string[] {
    return this.#all()
      .filter(({ state }) => state === "Busy")
      .map(({ device, name }) => `${device}.${name}`);
  }

  /** Ends what runs for ever, and waits until nothing is going on and the cameras are connected. */
  async settle(): Promise<void> {
    const deadline = performance.now() + PATIENCE.timeout;
    while (performance.now() < deadline) {
      for (const device of this.#client.devices) {
        const turn = (name: string, element: string) => {
          if (this.#client.property(device, name)) {
            this.#client.newSwitches(device, name, { [element]: true });
          }
        };
        if (this.#client.property(device, "SDK") === undefined) turn("CONNECTION", "CONNECT");
        turn("CCD_ABORT_EXPOSURE", "ABORT");
        turn("CCD_VIDEO_STREAM", "STREAM_OFF");
        turn("RECORD_STREAM", "RECORD_OFF");
        for (const axis of ["NS", "WE"]) {
          const name = `TELESCOPE_TIMED_GUIDE_${axis}`;
          const [one, other] = this.#client.property(device, name)?.elements.keys() ?? [];
          if (one && other) this.#client.newNumbers(device, name, { [one]: 0, [other]: 0 });
        }
        // Refused when its turn has come: behind all that waits.
        this.#send({
          tag: "new",
          kind: "Text",
          device,
          name: `END_${this.requests}`,
          elements: [],
        });
      }
      await pong(this.#client);
      if (await this.#isSettled(2_000)) return;
    }
  }

  #send(request: NewVector): void {
    this.#open.set(`${request.device}\n${request.name}`, write(request));
    this.#client.send(request);
  }

  async #isSettled(timeout: number): Promise<boolean> {
    const isSettled = () =>
      this.busy().length === 0 &&
      this.#open.size === 0 &&
      this.#client.devices.length === DEVICES.length &&
      this.#client.devices.every((device) => this.#client.property(device, "SDK"));
    return this.#client.until(isSettled, { timeout }).then(
      () => true,
      () => false,
    );
  }

  #note(message: Message): false {
    if (message.tag === "set" && message.state) this.answers[message.state]++;
    for (const key of [...this.#open.keys()]) if (isAnswer(message, key)) this.#open.delete(key);
    return false;
  }

  #all(): RemoteProperty[] {
    return this.#client.devices.flatMap((device) => this.#client.properties(device));
  }
}

/** Whether a message speaks of a property, or says that there is none. */
function isAnswer(message: Message, key: string): boolean {
  const [device = "", name = ""] = key.split("\n");
  switch (message.tag) {
    case "set":
      return message.device === device && message.name === name;
    case "delProperty":
      return message.device === device && (message.name ?? name) === name;
    case "message":
      return message.device === undefined
        ? message.message.includes(device)
        : message.device === device && message.message.includes(name);
    default:
      return false;
  }
}

/** Sends a request with a byte that is another, and waits until the daemon has hung up. */
async function sendBroken(
  port: number,
  wish: Wish | undefined,
  at: number,
  fuzzer: Fuzzer,
): Promise<void> {
  if (wish === undefined) return;
  const bytes = Buffer.from(write(fuzzer.request({ ...wish, mayBeSlow: false })));
  bytes[at % bytes.length] = at & 0xff;
  fuzzer.requests++;
  const socket = connect({ port });
  socket.resume().end(bytes);
  await once(socket, "close");
}

/** Waits until the other side has read all that was sent to it. */
async function pong(client: IndiClient): Promise<void> {
  const uid = `${performance.now()}`;
  const answer = client.expect(
    (message) => message.tag === "pingReply" && message.uid === uid,
    PATIENCE,
  );
  client.send({ tag: "pingRequest", uid });
  await answer;
}

/** What a place in the range of an element means for its kind. */
function text(value: string | number, kind: Kind, range: Range | undefined): string {
  if (typeof value === "string") return value;
  if (kind === "Switch") return value < 0.7 ? "On" : "Off";
  if (range === undefined) return `text ${value}`;
  return String(range.min + value * (range.max - range.min));
}
