import { encode } from "fast-png";
import type { FitsFile } from "../fits/index.js";
import { type Picture, pictureOf } from "./picture.js";
import { displayFunctionFor, stretched } from "./stretch.js";

/** Draws a frame as a PNG that one can look at: stretched, in colour where the frame has some. */
export function pngOf(frame: FitsFile): Uint8Array {
  const picture = pictureOf(frame);
  return encode({
    width: picture.width,
    height: picture.height,
    channels: picture.planes.length,
    depth: 8,
    data: interleaved(picture),
  });
}

/** Stretches each colour by itself, which also makes the sky grey. */
function interleaved({ planes, width, height }: Picture): Uint8Array {
  const data = new Uint8Array(width * height * planes.length);
  planes.forEach((plane, channel) => {
    const bytes = stretched(plane, displayFunctionFor(plane));
    for (let i = 0; i < bytes.length; i++) data[i * planes.length + channel] = bytes[i] ?? 0;
  });
  return data;
}
