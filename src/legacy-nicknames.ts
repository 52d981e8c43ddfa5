import { Disk } from "./indi/disk.js";
import { parseXml, readIfThere } from "./indi/xml-file.js";

/**
 * The users' names for cameras in the file the C++ driver kept before libindi had one for all drivers
 * (`~/.indi/ZWONicknames.xml`), by serial number.
 */
export async function legacyNicknames(
  path: string,
  disk = new Disk(),
): Promise<ReadonlyMap<string, string>> {
  const text = await disk.inTurn(path, () => readIfThere(path));
  const top = text === undefined ? [] : await parseXml(text);
  const root = top.find(({ tag }) => tag === "Nicknames");
  const names = root?.children.filter(({ tag }) => tag === "Nickname") ?? [];
  return new Map(names.map(({ attributes, text }) => [attributes.get("SerialNumber") ?? "", text]));
}
