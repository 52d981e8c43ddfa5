import { onTestFinished } from "vitest";
import type { XmlElement } from "../../src/indi/xml-reader.js";
import { Conversation, valuesIn } from "../support/conversation.js";

type Kind = "Number" | "Switch" | "Text";

/** One connection of a client program that works with one camera. */
export class Client {
  readonly peer: Conversation;
  readonly device: string;

  constructor(peer: Conversation, device: string) {
    this.peer = peer;
    this.device = device;
  }

  /** Connects for the length of a test, and says nothing yet. */
  static async at(port: number, device: string): Promise<Client> {
    const peer = await Conversation.connect(port);
    onTestFinished(() => peer.close());
    return new Client(peer, device);
  }

  /** Asks for definitions: of everything, of a device or of one of its properties. */
  getProperties(device?: string, name?: string): this {
    return this.#say(`<getProperties version="1.7"${attributes({ device, name })}/>`);
  }

  enableBlob(policy: "Never" | "Also" | "Only", device?: string, name?: string): this {
    return this.#say(`<enableBLOB${attributes({ device, name })}>${policy}</enableBLOB>`);
  }

  numbers(name: string, values: Readonly<Record<string, number | string>>): this {
    return this.#ask("Number", name, values);
  }

  switches(name: string, values: Readonly<Record<string, "On" | "Off">>): this {
    return this.#ask("Switch", name, values);
  }

  texts(name: string, values: Readonly<Record<string, string>>): this {
    return this.#ask("Text", name, values);
  }

  /** The next definition of a property. */
  defined(kind: Kind | "BLOB", name: string): Promise<XmlElement> {
    return this.peer.expect(`def${kind}Vector`, { device: this.device, name });
  }

  /** The next word on a property other than that it is Busy. */
  async settled(kind: Kind, name: string): Promise<XmlElement> {
    for (;;) {
      const told = await this.peer.expect(`set${kind}Vector`, { device: this.device, name });
      if (told.attributes.state !== "Busy") return told;
    }
  }

  /** The next picture, or other BLOB. */
  async picture() {
    const { children } = await this.peer.expect("setBLOBVector", { device: this.device });
    const [blob] = children;
    if (blob?.data === undefined) throw new Error("There is no BLOB in the vector.");
    const { format, size } = blob.attributes;
    return { format, size, data: blob.data };
  }

  #ask(kind: Kind, name: string, values: Readonly<Record<string, number | string>>): this {
    const elements = Object.entries(values).map(
      ([element, value]) => `<one${kind} name="${element}">${value}</one${kind}>`,
    );
    const heading = attributes({ device: this.device, name });
    return this.#say(`<new${kind}Vector${heading}>${elements.join("")}</new${kind}Vector>`);
  }

  #say(xml: string): this {
    this.peer.send(xml);
    return this;
  }
}

/**
 * What was said, a line an element, without the times: `CCD_FRAME Ok X=1 Y=2`, `CCD1 Ok .fits 2880`,
 * `del SDK`, `message [INFO] Ready.`
 */
export function lines(said: readonly XmlElement[]): string[] {
  return said.map((element) => {
    const { tag, attributes, children } = element;
    const { name, state, message } = attributes;
    const [blob] = children;
    const values =
      tag === "setBLOBVector"
        ? [blob?.attributes.format, blob?.attributes.size]
        : Object.entries(valuesIn(element)).map(([key, value]) => `${key}=${value}`);
    const verb = tag === "message" ? tag : { def: "def", del: "del" }[tag.slice(0, 3)];
    return [verb, name, state, ...values, message].filter(Boolean).join(" ");
  });
}

/** The lines on these properties. */
export function linesOf(said: readonly XmlElement[], ...names: readonly string[]): string[] {
  return lines(
    said.filter(({ attributes: { name } }) => name !== undefined && names.includes(name)),
  );
}

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${value}"`))
    .join("");
}
