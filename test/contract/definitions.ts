import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type XmlElement, XmlReader } from "../../src/indi/xml-reader.js";
import type { Conversation } from "../support/conversation.js";

/** The definitions of a device's properties by name, in their order on the wire. */
export type Definitions = ReadonlyMap<string, XmlElement>;

/** When a recording was made: of a device that was, or was not, connected, or of what connecting it brings. */
export type Moment = "disconnected" | "connected" | "connecting";

/** What another driver was heard to say of a device. */
export interface Recording {
  readonly device: string;
  readonly moment: Moment;
  readonly definitions: Definitions;
}

/** Reads a recording: a file with a driver's elements, as they came; throws an Error if it defines nothing. */
export function readRecording(file: string): Recording {
  const elements: XmlElement[] = [];
  new XmlReader({ onElement: (element) => elements.push(element) }).write(readFileSync(file));
  const definitions = definitionsIn(elements);
  const [first] = definitions.values();
  if (first === undefined) throw new Error("The recording defines no property.");
  const device = first.attributes.device ?? "";
  return { device, moment: momentOf(definitions), definitions };
}

/** The file with the C++ driver's recording of a model. */
export function recordingOf(model: string, when: "before" | "connect" | "after"): string {
  const name = `indi_asi_ccd-${model.replaceAll(" ", "-")}-${when}.xml`;
  return fileURLToPath(new URL(`../reference/${name}`, import.meta.url));
}

/** The definitions of a device as it is now; throws an Error if there is no such device. */
export async function live(peer: Conversation, device: string): Promise<Definitions> {
  const definitions = definitionsIn(await ask(peer, ` device="${device}"`));
  if (definitions.size > 0) return definitions;
  const others = new Set((await ask(peer)).map(({ attributes }) => attributes.device));
  throw new Error(`There is no device "${device}", only: ${[...others].join(", ") || "none"}`);
}

async function ask(peer: Conversation, what = ""): Promise<readonly XmlElement[]> {
  await peer.hearAll();
  peer.send(`<getProperties version="1.7"${what}/>`);
  return peer.hearAll();
}

/** Connects a device, or disconnects it, and waits until that is done. */
export async function turn(peer: Conversation, device: string, way: "CONNECT" | "DISCONNECT") {
  const state = way === "CONNECT" ? "Ok" : "Idle";
  await switchOn(peer, device, { property: "CONNECTION", element: way, state });
}

/** Turns a switch of a device on, and waits until its property has a state. */
export async function switchOn(
  peer: Conversation,
  device: string,
  { property, element, state }: { property: string; element: string; state: string },
) {
  await peer.hearAll();
  peer.send(
    `<newSwitchVector device="${device}" name="${property}"><oneSwitch name="${element}">On</oneSwitch></newSwitchVector>`,
  );
  await peer.expect("setSwitchVector", { name: property, state });
}

/** When definitions were heard, by that of CONNECTION, which connecting does not bring. */
export function momentOf(definitions: Definitions): Moment {
  const connection = definitions.get("CONNECTION");
  if (connection === undefined) return "connecting";
  const connect = connection.children.find(({ attributes }) => attributes.name === "CONNECT");
  return connect?.text.trim() === "On" ? "connected" : "disconnected";
}

/** Definitions as they stand after what was said later of their values and limits. */
function definitionsIn(elements: readonly XmlElement[]): Definitions {
  const found = new Map<string, XmlElement>();
  for (const element of elements) {
    const { name = "" } = element.attributes;
    const definition = found.get(name);
    if (element.tag.startsWith("def")) found.set(name, element);
    else if (element.tag.startsWith("set") && definition)
      found.set(name, updated(definition, element));
  }
  return found;
}

function updated(definition: XmlElement, update: XmlElement): XmlElement {
  const children = definition.children.map((child) => {
    const news = update.children.find(
      ({ attributes }) => attributes.name === child.attributes.name,
    );
    if (!news) return child;
    return { ...child, text: news.text, attributes: { ...child.attributes, ...news.attributes } };
  });
  return {
    ...definition,
    attributes: { ...definition.attributes, ...update.attributes },
    children,
  };
}
