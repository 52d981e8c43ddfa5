import type { FitsFile } from "../../src/fits/index.js";

/** A frame of 16 bits whose values a function of the coordinates gives. */
export function frame16(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
  keywords: Readonly<Record<string, string | number>> = {},
): FitsFile {
  const pixels = Uint16Array.from({ length: width * height }, (_, i) =>
    value(i % width, Math.floor(i / width)),
  );
  const entries = new Map(Object.entries(keywords));
  return { width, height, planes: 1, bits: 16, keywords: entries, comments: [], pixels };
}
