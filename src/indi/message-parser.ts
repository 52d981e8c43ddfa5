import { Refused } from "./errors.js";
import type { DefVector, Message, NewVector, OneBlob, OneElement, SetVector } from "./messages.js";
import type { BlobPolicy, Kind, Permission, State, SwitchRule } from "./types.js";
import type { XmlElement } from "./xml-reader.js";

const KINDS: readonly Kind[] = ["Number", "Switch", "Text", "Light", "BLOB"];
const STATES: readonly State[] = ["Idle", "Ok", "Busy", "Alert"];
const PERMISSIONS: readonly Permission[] = ["ro", "wo", "rw"];
const RULES: readonly SwitchRule[] = ["OneOfMany", "AtMostOne", "AnyOfMany"];
const POLICIES: readonly BlobPolicy[] = ["Never", "Also", "Only"];

const VECTOR = new RegExp(`^(def|set|new)(${KINDS.join("|")})Vector$`);

type Parser = (element: XmlElement) => Message | undefined;

/**
 * Makes a message of an element; nothing of one that INDI does not know. Throws Refused where
 * something is missing that the message cannot do without.
 */
export function parseMessage(element: XmlElement): Message | undefined {
  const [, verb, kindName] = VECTOR.exec(element.tag) ?? [];
  const kind = oneOf(KINDS, kindName);
  if (!kind) return PLAIN.get(element.tag)?.(element);
  if (verb === "def") return parseDefinition(element, kind);
  if (verb === "set") return parseUpdate(element, kind);
  return kind === "Light" ? undefined : parseRequest(element, kind);
}

const PLAIN: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  [
    "message",
    (element) => ({
      tag: "message",
      message: "",
      ...given(element, "device", "timestamp", "message"),
    }),
  ],
  [
    "delProperty",
    (element) => ({
      tag: "delProperty",
      ...given(element, "name", "timestamp", "message"),
      device: required(element, "device"),
    }),
  ],
  [
    "getProperties",
    (element) => ({ tag: "getProperties", ...given(element, "version", "device", "name") }),
  ],
  ["enableBLOB", parseEnableBlob],
  ["pingRequest", (element) => ({ tag: "pingRequest", uid: required(element, "uid") })],
  ["pingReply", (element) => ({ tag: "pingReply", uid: required(element, "uid") })],
]);

/** A policy in unknown words changes nothing, as in indiserver. */
function parseEnableBlob(element: XmlElement): Message | undefined {
  const policy = oneOf(POLICIES, element.text);
  return policy && { tag: "enableBLOB", ...given(element, "device", "name"), policy };
}

function parseDefinition(element: XmlElement, kind: Kind): DefVector {
  const { attributes } = element;
  const heading = {
    tag: "def" as const,
    ...address(element),
    label: attributes.label ?? "",
    group: attributes.group ?? "",
    state: oneOf(STATES, attributes.state) ?? "Idle",
    ...given(element, "timestamp", "message"),
  };
  const elements = children(element, `def${kind}`).map((child) => ({
    name: required(child, "name"),
    label: child.attributes.label ?? "",
    value: child.text,
    attributes: child.attributes,
  }));
  const plain = elements.map(({ name, label, value }) => ({ name, label, value }));
  if (kind === "Light") return { ...heading, kind, elements: plain };
  const access = {
    perm: oneOf(PERMISSIONS, attributes.perm) ?? "ro",
    timeout: numeric(attributes.timeout) ?? 0,
  };
  switch (kind) {
    case "Number":
      return {
        ...heading,
        ...access,
        kind,
        elements: elements.map(({ attributes: { format, min, max, step }, ...one }) => ({
          ...one,
          format: format ?? "%g",
          min: numeric(min) ?? 0,
          max: numeric(max) ?? 0,
          step: numeric(step) ?? 0,
        })),
      };
    case "Switch":
      return {
        ...heading,
        ...access,
        kind,
        rule: oneOf(RULES, attributes.rule) ?? "AnyOfMany",
        elements: plain,
      };
    case "Text":
      return { ...heading, ...access, kind, elements: plain };
    case "BLOB":
      return {
        ...heading,
        ...access,
        kind,
        elements: elements.map(({ name, label }) => ({ name, label })),
      };
  }
}

function parseUpdate(element: XmlElement, kind: Kind): SetVector {
  const state = oneOf(STATES, element.attributes.state);
  const timeout = numeric(element.attributes.timeout);
  const heading = {
    tag: "set" as const,
    ...address(element),
    ...(state && { state }),
    ...(timeout !== undefined && { timeout }),
    ...given(element, "timestamp", "message"),
  };
  if (kind === "BLOB") return { ...heading, kind, elements: blobs(element) };
  if (kind !== "Number") return { ...heading, kind, elements: values(element, kind) };
  const elements = children(element, "oneNumber").map((child) => ({
    name: required(child, "name"),
    value: child.text,
    ...limits(child),
  }));
  return { ...heading, kind, elements };
}

function parseRequest(element: XmlElement, kind: Exclude<Kind, "Light">): NewVector {
  const heading = { tag: "new" as const, ...address(element) };
  if (kind === "BLOB") return { ...heading, kind, elements: blobs(element) };
  return { ...heading, kind, elements: values(element, kind) };
}

function values(element: XmlElement, kind: Kind): OneElement[] {
  return children(element, `one${kind}`).map((child) => ({
    name: required(child, "name"),
    value: child.text,
  }));
}

function blobs(element: XmlElement): OneBlob[] {
  return children(element, "oneBLOB").map((child) => {
    const { format = "", size } = child.attributes;
    const data = child.data ?? new Uint8Array();
    return { name: required(child, "name"), format, size: numeric(size) ?? data.length, data };
  });
}

function limits({ attributes }: XmlElement) {
  const min = numeric(attributes.min);
  const max = numeric(attributes.max);
  const step = numeric(attributes.step);
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(step !== undefined && { step }),
  };
}

function children(element: XmlElement, tag: string): XmlElement[] {
  return element.children.filter((child) => child.tag === tag);
}

function address(element: XmlElement) {
  return { device: required(element, "device"), name: required(element, "name") };
}

function required({ tag, attributes }: XmlElement, name: string): string {
  const value = attributes[name];
  if (!value) throw new Refused(`A ${tag} without ${name}.`);
  return value;
}

/** Those of the named attributes that there are. */
function given<N extends string>(
  { attributes }: XmlElement,
  ...names: N[]
): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function numeric(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : undefined;
}

function oneOf<T extends string>(words: readonly T[], text: string | undefined): T | undefined {
  return words.find((word) => word === text);
}
