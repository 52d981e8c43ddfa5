import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import type { XmlElement } from "../../src/indi/xml-reader.js";
import { Conversation } from "../support/conversation.js";
import { startDaemon } from "../support/daemon.js";
import { live, turn } from "./definitions.js";

const MODELS = ["ASI2600MC Pro", "ASI120MM"] as const;
const DOCUMENT = "../../docs/properties.md";

/** A property with the cameras that have it, and the kinds it has there. */
interface Entry {
  readonly definition: XmlElement;
  readonly models: string[];
  readonly kinds: Set<string>;
  readonly isAlways: boolean;
}

async function entries(peer: Conversation): Promise<Entry[]> {
  const found = new Map<string, Entry>();
  for (const model of MODELS) {
    const device = `ZWO CCD ${model}`;
    const always = await live(peer, device);
    await turn(peer, device, "CONNECT");
    for (const [name, definition] of await live(peer, device)) {
      const isAlways = always.has(name);
      const entry = found.get(name) ?? { definition, models: [], kinds: new Set(), isAlways };
      entry.models.push(model);
      entry.kinds.add(kind(definition));
      found.set(name, entry);
    }
  }
  return [...found.values()];
}

function kind({ tag, attributes: { perm, rule } }: XmlElement): string {
  return [tag.replace(/^def|Vector$/g, "").toLowerCase(), perm, rule].filter(Boolean).join(" ");
}

function row({ definition, models, kinds, isAlways }: Entry): string {
  const { name, label, group } = definition.attributes;
  const cells = [
    `\`${name}\``,
    `${label}, *${group}*`,
    [...kinds].join(" / "),
    isAlways ? "always" : "connected",
    models.length === MODELS.length ? "all" : models.join(),
    definition.children.map(element).join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function element({ attributes }: XmlElement): string {
  const { name, label, min, max } = attributes;
  const range = min === undefined ? "" : ` ${min} to ${max}`;
  return `\`${name}\` ${label}${range}`;
}

it("documents the properties as they are", async () => {
  const daemon = await startDaemon({ models: MODELS.join() });
  onTestFinished(() => daemon.stop());
  const peer = await Conversation.connect(daemon.port);
  const table = [
    "| property | label, *tab* | kind | exists | cameras | elements |",
    "|---|---|---|---|---|---|",
    ...(await entries(peer)).map(row),
  ].join("\n");
  peer.close();
  const document = readFileSync(new URL(DOCUMENT, import.meta.url), "utf8");
  const current = document.replace(
    /(<!-- made by .*-->\n)[\s\S]*?(<!-- end -->)/,
    (_, start: string, end: string) => `${start}\n${table}\n\n${end}`,
  );
  await expect(current).toMatchFileSnapshot(DOCUMENT);
});
