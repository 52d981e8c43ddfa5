import { constants } from "node:fs";
import { access, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { inflateSync } from "node:zlib";
import { FitsError, type FitsFile, readFits } from "../fits/index.js";
import { errorText } from "../indi/errors.js";
import type { OneBlob } from "../indi/messages.js";
import { SnapError } from "./errors.js";
import { pngOf } from "./png.js";

/** The files that a picture became. */
export interface PictureFiles {
  /** What the camera sent. */
  readonly file: string;
  /** The picture to look at, of a frame that can be drawn. */
  readonly png?: string;
  /** Why there is no picture to look at. */
  readonly note?: string;
}

/** Throws a SnapError where the folder of a file is missing or cannot be written. */
export async function assertWritable(output: string): Promise<void> {
  await writing(output, () => access(dirname(output), constants.W_OK));
}

/** Writes a FITS frame and a PNG of the same name beside it; other formats as they are. */
export async function writePicture(blob: OneBlob, output: string): Promise<PictureFiles> {
  const { base, extension } = splitName(output);
  const isCompressed = blob.format.endsWith(".z");
  const format = isCompressed ? blob.format.slice(0, -2) : blob.format;
  const data = isCompressed ? inflateSync(blob.data) : blob.data;
  if (format !== ".fits") {
    const file = `${base}${format}`;
    await writing(file, () => writeFile(file, data));
    return { file, note: `The picture is ${format}, not FITS, and was saved as it is` };
  }
  const file = `${base}${extension}`;
  await writing(file, () => writeFile(file, data));
  const frame = readable(data);
  if (frame instanceof FitsError) return { file, note: `There is no PNG: ${frame.message}` };
  const png = `${base}.png`;
  await writing(png, () => writeFile(png, pngOf(frame)));
  return { file, png };
}

function splitName(output: string) {
  const [extension] = /\.(fits?|fts)$/i.exec(output) ?? [""];
  const base = output.slice(0, output.length - extension.length);
  return { base: base.replace(/\.png$/i, ""), extension: extension || ".fits" };
}

function readable(data: Uint8Array): FitsFile | FitsError {
  try {
    return readFits(data);
  } catch (error) {
    if (error instanceof FitsError) return error;
    throw error;
  }
}

async function writing(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new SnapError("CANNOT_WRITE", `${file} cannot be written: ${errorText(error)}`, {
      cause: error,
    });
  }
}
