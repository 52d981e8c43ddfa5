import { readFileSync } from "node:fs";
import type { XmlElement } from "../../src/indi/xml-reader.js";
import type { Definitions } from "./definitions.js";

/** One thing that two definitions of a property do not have in common. */
export interface Difference {
  readonly property: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Everything in which our definitions differ from other ones. */
export function differences(ours: Definitions, theirs: Definitions): Difference[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  const [ourHome, theirHome] = [home(ours), home(theirs)];
  return [...names].flatMap((property) => {
    const here = ours.get(property);
    const there = theirs.get(property);
    if (!here) return [{ property, ours: "-", theirs: "defined" }];
    if (!there) return [{ property, ours: "defined", theirs: "-" }];
    return differentTraits(traits(here, ourHome), traits(there, theirHome)).map((traits) => ({
      property,
      ...traits,
    }));
  });
}

/** The differences that docs/properties.md explains, in its order. */
export function explainedDifferences(): Difference[] {
  const document = readFileSync(new URL("../../docs/properties.md", import.meta.url), "utf8");
  return tableBelow(document, "## Differences from the C++ driver").map(
    ([property = "", ours = "", theirs = ""]) => ({ property, ours, theirs }),
  );
}

/** The cells of a document's first table below a heading, row by row without its head. */
export function tableBelow(document: string, heading: string): string[][] {
  const [, below = ""] = document.split(`${heading}\n`);
  const [section = ""] = below.split("\n#");
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) => line.slice(2, -2).split(" | "));
}

/** A difference as a row of the table that explains it begins. */
export function asRow({ property, ours, theirs }: Difference): string {
  return `| ${property} | ${ours} | ${theirs}`;
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

function traits({ tag, attributes, children }: XmlElement, home: string | undefined): Traits {
  const { device: _device, timestamp: _timestamp, ...rest } = attributes;
  const found = new Map([["kind", tag], ...Object.entries(rest).map(plain)]);
  const names = children.map((child) => child.attributes.name || "(nameless)");
  found.set("elements", names.join(" ") || "(none)");
  for (const { attributes: own, text } of children) {
    const { name = "", ...aspects } = own;
    for (const [aspect, value] of Object.entries(aspects).map(plain)) {
      found.set(`${name} ${aspect}`, value);
    }
    const value =
      home && text.trim().startsWith(home) ? text.trim().replace(home, "~") : text.trim();
    if (!MOMENTARY.has(name)) found.set(...plain([`${name} =`, value]));
  }
  return found;
}

/** The home directory a driver runs in: pictures go there until somebody has them go elsewhere. */
function home(definitions: Definitions): string | undefined {
  const directory = definitions
    .get("UPLOAD_SETTINGS")
    ?.children.find(({ attributes }) => attributes.name === "UPLOAD_DIR");
  return directory?.text.trim() || undefined;
}

/** The same number is written in more than one way. */
function plain([trait, value]: [string, string]): [string, string] {
  const number = Number(value);
  return [trait, value === "" || Number.isNaN(number) ? value : `${number}`];
}
