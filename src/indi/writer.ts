import type { Message, OneBlob, OneElement, SetVector } from "./messages.js";
import { writeNumber } from "./number-format.js";
import type { BlobContent } from "./vector.js";

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** The end of the text that {@link blobOpening} begins. */
export const BLOB_CLOSING = "</oneBLOB>\n</setBLOBVector>\n";

/** Writes a message as XML, one top-level element with a newline at its end. */
export function write(message: Message): string {
  switch (message.tag) {
    case "def":
    case "set":
    case "new":
      return writeVector(message);
    case "message":
    case "delProperty":
    case "pingRequest":
    case "pingReply": {
      const { tag, ...attributes } = message;
      return `<${tag}${writeAttributes(attributes)}/>\n`;
    }
    case "getProperties": {
      const { device, name, version } = message;
      return `<getProperties${writeAttributes({ device, name, version })}/>\n`;
    }
    case "enableBLOB": {
      const { policy, device, name } = message;
      return `<enableBLOB${writeAttributes({ device, name })}>${policy}</enableBLOB>\n`;
    }
  }
}

/** The text before the base64 of a BLOB, which goes out in pieces. */
export function blobOpening(vector: SetVector, element: string, content: BlobContent): string {
  const { tag: _, kind, elements: __, ...attributes } = vector;
  const { format, bytes, size = bytes.length } = content;
  return `<set${kind}Vector${writeAttributes(attributes)}>\n<oneBLOB${writeAttributes({ name: element, size, format })}>`;
}

/** The message of a BLOB whose bytes come by descriptor: it must say their number twice. */
export function attachedBlob(vector: SetVector, element: string, content: BlobContent): string {
  const { tag: _, kind, elements: __, ...attributes } = vector;
  const { format, bytes } = content;
  const size = bytes.length;
  const blob = writeAttributes({ name: element, size, len: size, format, attached: "true" });
  return `<set${kind}Vector${writeAttributes(attributes)}>\n<oneBLOB${blob}>${BLOB_CLOSING}`;
}

function writeVector(message: Extract<Message, { tag: "def" | "set" | "new" }>): string {
  const { tag, kind, elements, ...attributes } = message;
  const open = `${tag}${kind}Vector`;
  const child = `${tag === "def" ? "def" : "one"}${kind}`;
  const children = elements.map((element) => writeElement(child, element)).join("");
  return `<${open}${writeAttributes(attributes)}>\n${children}</${open}>\n`;
}

function writeElement(
  tag: string,
  element: OneElement | OneBlob | { name: string; label: string },
) {
  if ("data" in element) {
    const { data, ...attributes } = element;
    return `<${tag}${writeAttributes(attributes)}>${Buffer.from(data).toString("base64")}</${tag}>\n`;
  }
  const { value, ...attributes } = { value: "", ...element };
  return `<${tag}${writeAttributes(attributes)}>${escapeText(value)}</${tag}>\n`;
}

function writeAttributes(attributes: Attributes): string {
  let text = "";
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    text += ` ${name}="${typeof value === "number" ? writeNumber(value) : escapeAttribute(value)}"`;
  }
  return text;
}

/** What may not stand in an attribute as it is; hardly any has some of it. */
const SPECIAL = /[\p{Cc}&<>"']/u;

/** Control characters are no XML, and C peers stop at some of them. */
function escapeText(text: string): string {
  return escaped(text.replaceAll(/[^\P{Cc}\t\n]/gu, ""));
}

/** A text as it may stand between double quotes, or between tags. */
export function escapeAttribute(text: string): string {
  return SPECIAL.test(text) ? escaped(text.replaceAll(/\p{Cc}/gu, " ")) : text;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}
