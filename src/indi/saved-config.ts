import { copyFile, rm } from "node:fs/promises";
import type { NewVector, OneElement } from "./messages.js";
import { write } from "./writer.js";
import { parseXml, readIfThere, writeWhole } from "./xml-file.js";

/** Which of a device's two files: what was saved last, or what was saved first. */
export type ConfigKind = "config" | "default";

const KINDS = {
  newNumberVector: "Number",
  newSwitchVector: "Switch",
  newTextVector: "Text",
} as const;

/**
 * The saved settings of one device, in libindi's own file and format: a list of the requests that restore
 * them, so that either driver reads what the other wrote.
 */
export class SavedConfig {
  readonly #path: string;

  /** `path`: the file, by convention `~/.indi/<device>_config.xml`. */
  constructor(path: string) {
    this.#path = path;
  }

  /** The requests in the file, in its order; undefined where there is none. Throws for a broken file. */
  async load(kind: ConfigKind): Promise<NewVector[] | undefined> {
    await this.#keepDefault();
    const text = await readIfThere(kind === "config" ? this.#path : this.#defaultPath);
    return text === undefined ? undefined : requestsIn(text);
  }

  /** Writes the file whole or not at all. */
  async save(requests: readonly NewVector[]): Promise<void> {
    await this.#keepDefault();
    await writeWhole(this.#path, `<INDIDriver>\n${requests.map(write).join("")}</INDIDriver>\n`);
    await this.#keepDefault();
  }

  /** Deletes the file; false where there was none. */
  async purge(): Promise<boolean> {
    if ((await readIfThere(this.#path)) === undefined) return false;
    await rm(this.#path);
    return true;
  }

  /** What was saved first is kept as the default for ever, whichever driver saved it. */
  async #keepDefault(): Promise<void> {
    const isKept = (await readIfThere(this.#defaultPath)) !== undefined;
    const isThere = (await readIfThere(this.#path)) !== undefined;
    if (isThere && !isKept) await copyFile(this.#path, this.#defaultPath);
  }

  get #defaultPath(): string {
    return `${this.#path}.default`;
  }
}

/** The name of a device's file: what a path cannot hold is replaced. */
export function configFileName(device: string): string {
  return `${device.replaceAll("/", "_")}_config.xml`;
}

function requestsIn(text: string): NewVector[] {
  const root = parseXml(text).find(({ tag }) => tag === "INDIDriver");
  return (root?.children ?? []).flatMap(({ tag, attributes, children }) => {
    if (!isRequestTag(tag)) return [];
    const elements: OneElement[] = children.map((child) => ({
      name: child.attributes.get("name") ?? "",
      value: child.text,
    }));
    const device = attributes.get("device") ?? "";
    return [{ tag: "new", kind: KINDS[tag], device, name: attributes.get("name") ?? "", elements }];
  });
}

function isRequestTag(tag: string): tag is keyof typeof KINDS {
  return Object.hasOwn(KINDS, tag);
}
