import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { type XmlElement, XmlReader } from "../../src/indi/xml-reader.js";

type Attributes = Readonly<Record<string, string>>;

const PATIENCE_MS = 10_000;

/**
 * A raw peer of a driver, so that tests of the wire read as conversations:
 *
 *     peer.send('<getProperties version="1.7"/>');
 *     await peer.expect("defNumberVector", { name: "CCD_EXPOSURE", state: "Idle" });
 */
export class Conversation {
  /** What was said to this peer and not yet expected, oldest first. */
  readonly #heard: XmlElement[] = [];
  readonly #stream: Duplex;
  #wake: () => void = () => {};
  #isOver = false;
  #pings = 0;

  /** Speaks over any stream; the reader's BLOB limit is out of the way. */
  constructor(stream: Duplex) {
    this.#stream = stream;
    const onElement = (element: XmlElement) => void this.#heard.push(element);
    const limits = { depth: 9, message: 2 ** 26, text: 2 ** 26, blob: 2 ** 30 };
    const reader = new XmlReader({ onElement }, limits);
    stream.on("data", (chunk) => {
      reader.write(chunk);
      this.#wake();
    });
    stream.on("error", () => {});
    stream.on("close", () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  /** Connects to a port of this machine. */
  static async connect(
    port: number,
    host = "localhost",
    localAddress?: string,
  ): Promise<Conversation> {
    const from = localAddress === undefined ? {} : { localAddress };
    const socket = connect({ port, host, noDelay: true, ...from });
    await once(socket, "connect");
    return new Conversation(socket);
  }

  /** Says something. */
  send(xml: string | Uint8Array): this {
    this.#stream.write(xml);
    return this;
  }

  /**
   * The next element heard with this tag and these attributes; what was said before it is passed
   * over. Fails after ten seconds, or when the other side ends the conversation first.
   */
  async expect(tag: string, attributes: Attributes = {}): Promise<XmlElement> {
    const { last } = await this.#hear(tag, attributes);
    return last;
  }

  /** Everything said up to the element that `expect` would give, and that one. */
  async hearUntil(tag: string, attributes: Attributes = {}): Promise<readonly XmlElement[]> {
    const { before, last } = await this.#hear(tag, attributes);
    return [...before, last];
  }

  async #hear(tag: string, attributes: Attributes) {
    const before: XmlElement[] = [];
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      for (let heard = this.#heard.shift(); heard; heard = this.#heard.shift()) {
        if (heard.tag === tag && has(heard, attributes)) return { before, last: heard };
        before.push(heard);
      }
      if (this.#isOver || Date.now() >= deadline) {
        const why = this.#isOver ? "the conversation is over" : "nothing more came";
        const wanted = `${tag} ${JSON.stringify(attributes)}`;
        const instead = before.map(summary).join(", ") || "nothing";
        throw new Error(`Expected ${wanted}, but ${why} after: ${instead}`);
      }
      await this.#somethingHeard(deadline);
    }
  }

  /** Everything said to this peer until all it has sent was read by the other side. */
  async hearAll(): Promise<readonly XmlElement[]> {
    const uid = `conversation/${++this.#pings}`;
    this.send(`<pingRequest uid="${uid}"/>`);
    const isReply = (heard: XmlElement) =>
      heard.tag === "pingReply" && heard.attributes.uid === uid;
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.#heard.some(isReply)) {
      if (this.#isOver || Date.now() >= deadline) throw new Error("The ping was not answered");
      await this.#somethingHeard(deadline);
    }
    const heard = this.#heard.splice(0, this.#heard.findIndex(isReply) + 1);
    return heard.slice(0, -1);
  }

  /** Fails if such an element is said before all this peer has sent was read by the other side. */
  async expectNothing(tag: string, attributes: Attributes = {}): Promise<void> {
    const heard = await this.hearAll();
    const found = heard.find((element) => element.tag === tag && has(element, attributes));
    if (found) throw new Error(`Did not expect ${summary(found)}`);
  }

  /** Waits until the other side has ended the conversation. */
  async expectEnd(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.#isOver) {
      if (Date.now() >= deadline) throw new Error("The conversation was not ended");
      await this.#somethingHeard(deadline);
    }
  }

  /** Reads nothing until `resume()`. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Says no more, and waits until the other side has ended the conversation. */
  async finish(): Promise<void> {
    this.#stream.end();
    await this.expectEnd();
  }

  /** Leaves. */
  close(): void {
    this.#stream.destroy();
  }

  #somethingHeard(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, Math.max(0, deadline - Date.now()));
      this.#wake = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}

/** The texts of a vector's elements by name. */
export function valuesIn(vector: XmlElement): Record<string, string> {
  return Object.fromEntries(
    vector.children.map(({ attributes, text }) => [attributes.name ?? "", text]),
  );
}

function has(element: XmlElement, attributes: Attributes): boolean {
  return Object.entries(attributes).every(([name, value]) => element.attributes[name] === value);
}

function summary({ tag, attributes }: XmlElement): string {
  const { name, state, message } = attributes;
  return [tag, name, state, message].filter(Boolean).join(" ");
}
