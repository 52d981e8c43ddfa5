import { copyFile, rm } from "node:fs/promises";
import { Disk } from "./disk.js";
import type { NewVector, OneElement } from "./messages.js";
import { write } from "./writer.js";
import { parseXml, readIfThere, writeWhole } from "./xml-file.js";

/** Which of the two files: what was saved last, or what was saved first. */
export type ConfigKind = "config" | "default";

const KINDS = {
  newNumberVector: "Number",
  newSwitchVector: "Switch",
  newTextVector: "Text",
} as const;

/**
 * Saved settings in libindi's own file and format: a list of the requests that restore them, so that either
 * driver reads what the other wrote.
 */
export class SavedConfig {
  readonly #path: string;
  readonly #disk: Disk;

  /** `path`: the file, by convention `~/.indi/<device>_config.xml`; `disk`: the one it is on. */
  constructor(path: string, disk = new Disk()) {
    this.#path = path;
    this.#disk = disk;
  }

  /** A device's requests in the file, in its order; undefined without a file. Throws for a broken file. */
  load(kind: ConfigKind, device: string): Promise<NewVector[] | undefined> {
    return this.#inTurn(async () => {
      await this.#keepDefault();
      const text = await readIfThere(kind === "config" ? this.#path : this.#defaultPath);
      if (text === undefined) return undefined;
      return (await requestsIn(text)).filter((request) => request.device === device);
    });
  }

  /** Whether there is a file. */
  exists(): Promise<boolean> {
    return this.#inTurn(async () => (await readIfThere(this.#path)) !== undefined);
  }

  /**
   * Puts requests in the place of earlier ones for the same properties and leaves all others, which may belong to
   * a connection that has ended. The file is written whole or not at all; what the first one held is kept as
   * the default.
   */
  save(requests: readonly NewVector[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#keepDefault();
      const before = await readIfThere(this.#path);
      const merged = new Map(
        (await requestsInIfSound(before)).map((request) => [keyOf(request), request]),
      );
      for (const request of requests) merged.set(keyOf(request), request);
      const text = `<INDIDriver>\n${[...merged.values()].map(write).join("")}</INDIDriver>\n`;
      if (text !== before) await writeWhole(this.#path, text);
      await this.#keepDefault();
    });
  }

  /** Deletes the file; false where there was none. */
  purge(): Promise<boolean> {
    return this.#inTurn(async () => {
      if ((await readIfThere(this.#path)) === undefined) return false;
      await rm(this.#path);
      return true;
    });
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

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    return this.#disk.inTurn(this.#path, act);
  }
}

/** The name of a device's file: what a path cannot hold is replaced. */
export function configFileName(device: string): string {
  return `${device.replaceAll("/", "_")}_config.xml`;
}

function keyOf({ device, name }: NewVector): string {
  return `${device}\n${name}`;
}

/** What a broken file holds is lost with the next save: nobody could load it either. */
async function requestsInIfSound(text: string | undefined): Promise<NewVector[]> {
  if (text === undefined) return [];
  try {
    return await requestsIn(text);
  } catch {
    return [];
  }
}

async function requestsIn(text: string): Promise<NewVector[]> {
  const root = (await parseXml(text)).find(({ tag }) => tag === "INDIDriver");
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
