import { Disk } from "./disk.js";
import { escapeAttribute } from "./writer.js";
import { parseXml, readIfThere, writeWhole, type XmlNode } from "./xml-file.js";

/**
 * The users' names for devices, in libindi's own file: by driver, then by what identifies the device, such
 * as its serial number.
 */
export class Nicknames {
  readonly #path: string;
  readonly #driver: string;
  readonly #disk: Disk;

  /** `path`: the file, by convention `~/.indi/Nicknames.xml`; `disk`: the one it is on. */
  constructor(path: string, driver: string, disk = new Disk()) {
    this.#path = path;
    this.#driver = driver;
    this.#disk = disk;
  }

  /** The name of each identified device of this driver. Throws for a broken file. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const drivers = await this.#disk.inTurn(this.#path, () => this.#read());
    return drivers.get(this.#driver) ?? new Map();
  }

  /** Gives a device a name, or an empty one, which stands for none. Other drivers' names stay. */
  set(identifier: string, nickname: string): Promise<void> {
    return this.#disk.inTurn(this.#path, () => this.#write(identifier, nickname));
  }

  async #write(identifier: string, nickname: string): Promise<void> {
    const drivers = await this.#read();
    const names = new Map(drivers.get(this.#driver));
    names.set(identifier, nickname);
    drivers.set(this.#driver, names);
    const devices = [...drivers].map(([driver, nicknames]) => {
      const entries = [...nicknames].map(
        ([id, name]) =>
          `    <nickname identifier="${escapeAttribute(id)}">${escapeAttribute(name)}</nickname>\n`,
      );
      return `  <device name="${escapeAttribute(driver)}">\n${entries.join("")}  </device>\n`;
    });
    await writeWhole(this.#path, `<INDINicknames>\n${devices.join("")}</INDINicknames>\n`);
  }

  async #read(): Promise<Map<string, ReadonlyMap<string, string>>> {
    const text = await readIfThere(this.#path);
    const top = text === undefined ? [] : await parseXml(text);
    const root = top.find(({ tag }) => tag === "INDINicknames");
    return new Map(
      named(root, "device", "name").map(([driver, device]) => [
        driver,
        new Map(named(device, "nickname", "identifier").map(([id, { text }]) => [id, text])),
      ]),
    );
  }
}

function named(parent: XmlNode | undefined, tag: string, attribute: string): [string, XmlNode][] {
  const children = parent?.children.filter((child) => child.tag === tag) ?? [];
  return children.map((child) => [child.attributes.get(attribute) ?? "", child]);
}
