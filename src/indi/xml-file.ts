import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./sync-folder.js";

/** An element of a small XML file. */
export interface XmlNode {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

/** The elements at the top of a text; rejects where it is not well-formed. */
export async function parseXml(text: string): Promise<readonly XmlNode[]> {
  // Here, because a start without saved files need not wait for it.
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    parseAttributeValue: false,
  });
  return nodes(parser.parse(text, true));
}

/** The text of a file; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file whole or not at all, with the folders it needs. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o775 });
  const temporary = `${path}.new`;
  // Without flush a power failure may leave the new name with nothing behind it.
  await writeFile(temporary, text, { flush: true });
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** The parser's ordered output: a list of objects with the tag as a key, and the attributes under `:@`. */
function nodes(list: unknown): XmlNode[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const entries = new Map(entriesOf(item));
    const attributes = new Map(
      entriesOf(entries.get(":@")).map(([name, value]) => [name, `${value}`]),
    );
    const [tag] = [...entries.keys()].filter((key) => key !== ":@");
    if (tag === undefined || tag === "#text") return [];
    const content = entries.get(tag);
    return [{ tag, attributes, children: nodes(content), text: textOf(content) }];
  });
}

function textOf(list: unknown): string {
  if (!Array.isArray(list)) return "";
  return list
    .map((item: unknown) => `${new Map(entriesOf(item)).get("#text") ?? ""}`)
    .join("")
    .trim();
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
