const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** What is wrong with a text that is no size. */
export const NO_SIZE = "A size is a number of bytes such as 400M or 1.5G.";

/** The number of bytes that a text such as `400M` or `1.5G` names; undefined where it names none. */
export function sizeOf(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([KMG]?)B?$/i.exec(text) ?? [];
  const bytes = number === "" ? 0 : Number(number) * (UNITS[unit.toUpperCase()] ?? 0);
  return bytes < 1 ? undefined : bytes;
}
