import { readFileSync } from "node:fs";
import { type XmlElement, XmlReader } from "../../src/indi/xml-reader.js";
import type { Conversation } from "../support/conversation.js";

/** The definitions of a device's properties by name, in their order on the wire. */
export type Definitions = ReadonlyMap<string, XmlElement>;

/** The definitions another driver's recording holds. */
export function recorded(model: string, when: "before" | "after"): Definitions {
  const name = model.replaceAll(" ", "-");
  const file = new URL(`../reference/indi_asi_ccd-${name}-${when}.xml`, import.meta.url);
  const elements: XmlElement[] = [];
  new XmlReader({ onElement: (element) => elements.push(element) }).write(readFileSync(file));
  return definitionsIn(elements);
}

/** The definitions of a device as it is now. */
export async function live(peer: Conversation, device: string): Promise<Definitions> {
  await peer.hearAll();
  peer.send(`<getProperties version="1.7" device="${device}"/>`);
  return definitionsIn(await peer.hearAll());
}

/** Connects a device, or disconnects it, and waits until that is done. */
export async function turn(peer: Conversation, device: string, way: "CONNECT" | "DISCONNECT") {
  await peer.hearAll();
  peer.send(
    `<newSwitchVector device="${device}" name="CONNECTION"><oneSwitch name="${way}">On</oneSwitch></newSwitchVector>`,
  );
  const state = way === "CONNECT" ? "Ok" : "Idle";
  await peer.expect("setSwitchVector", { name: "CONNECTION", state });
}

function definitionsIn(elements: readonly XmlElement[]): Definitions {
  return new Map(
    elements.flatMap((element) =>
      element.tag.startsWith("def") ? [[element.attributes.name ?? "", element]] : [],
    ),
  );
}

/** One thing that two definitions of a property do not have in common. */
export interface Difference {
  readonly property: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Everything in which our definitions differ from other ones. */
export function differences(ours: Definitions, theirs: Definitions): Difference[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].flatMap((property) => {
    const here = ours.get(property);
    const there = theirs.get(property);
    if (!here) return [{ property, ours: "-", theirs: "defined" }];
    if (!there) return [{ property, ours: "defined", theirs: "-" }];
    return differentTraits(traits(here), traits(there)).map((traits) => ({ property, ...traits }));
  });
}

/** What clients see of a definition: a value for each of its aspects. */
type Traits = ReadonlyMap<string, string>;

function differentTraits(ours: Traits, theirs: Traits) {
  // An element that one side has not is told by the list of elements.
  return [...ours.keys()]
    .filter((trait) => theirs.has(trait) && ours.get(trait) !== theirs.get(trait))
    .map((trait) => ({
      ours: `${trait} ${ours.get(trait)}`,
      theirs: `${trait} ${theirs.get(trait)}`,
    }));
}

/** Elements whose values the machine, the release or the moment make: they are no part of a definition. */
const MOMENTARY: ReadonlySet<string> = new Set([
  "CCD_TEMPERATURE_VALUE",
  "DRIVER_VERSION",
  "VERSION",
  "SN",
]);

function traits({ tag, attributes, children }: XmlElement): Traits {
  const { device: _device, timestamp: _timestamp, ...rest } = attributes;
  const found = new Map([["kind", tag], ...Object.entries(rest).map(plain)]);
  found.set("elements", children.map((child) => child.attributes.name || "(nameless)").join(" "));
  for (const { attributes: own, text } of children) {
    const { name = "", ...aspects } = own;
    for (const [aspect, value] of Object.entries(aspects).map(plain)) {
      found.set(`${name} ${aspect}`, value);
    }
    if (!MOMENTARY.has(name)) found.set(...plain([`${name} =`, text.trim()]));
  }
  return found;
}

/** The same number is written in more than one way. */
function plain([trait, value]: [string, string]): [string, string] {
  const number = Number(value);
  return [trait, value === "" || Number.isNaN(number) ? value : `${number}`];
}
