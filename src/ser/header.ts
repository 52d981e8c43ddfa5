/** What the pixels of a recording are: grey, the mosaic of a colour sensor, or three bytes each. */
export type SerColor = "mono" | "RGGB" | "GRBG" | "GBRG" | "BGGR" | "RGB" | "BGR";

/** What the header of a SER file says of all its frames. */
export interface SerDescription {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample; those of 16 are little-endian. */
  readonly bits: 8 | 16;
  readonly color: SerColor;
  /** At most 40 characters are kept of each. */
  readonly observer: string;
  readonly instrument: string;
  readonly telescope: string;
  /** When the recording began, in milliseconds since 1970 with fractions. */
  readonly startedAt: number;
}

/** Bytes before the first frame (SER format description, version 3). */
export const SER_HEADER_BYTES = 178;

/** Where the header keeps the number of frames, an int32. */
export const FRAME_COUNT_OFFSET = 38;

const FILE_ID = "INDI-RECORDER\0";

const COLOR_ID: Readonly<Record<SerColor, number>> = {
  mono: 0,
  RGGB: 8,
  GRBG: 9,
  GBRG: 10,
  BGGR: 11,
  RGB: 100,
  BGR: 101,
};

const TEXT_BYTES = 40;

/** Ticks of 100 ns between the years 1 and 1970. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

/** A time of day, in milliseconds since 1970, as SER writes it: in ticks of 100 ns since the year 1. */
export function serTime(milliseconds: number): bigint {
  const whole = Math.floor(milliseconds);
  const fraction = Math.round((milliseconds - whole) * 10_000);
  return TICKS_TO_1970 + BigInt(whole) * 10_000n + BigInt(fraction);
}

/** Bytes of one frame. */
export function serFrameBytes({ width, height, bits, color }: SerDescription): number {
  const samples = color === "RGB" || color === "BGR" ? 3 : 1;
  return width * height * samples * (bits / 8);
}

/** The header of a file that has no frames yet. */
export function serHeader(description: SerDescription): Buffer {
  const { width, height, bits, color, observer, instrument, telescope, startedAt } = description;
  const header = Buffer.alloc(SER_HEADER_BYTES);
  header.write(FILE_ID, 0, "latin1");
  header.writeInt32LE(0, 14);
  header.writeInt32LE(COLOR_ID[color], 18);
  // 0 by the letter says big-endian; writers took it for little-endian from the first, and so do readers.
  header.writeInt32LE(0, 22);
  header.writeInt32LE(width, 26);
  header.writeInt32LE(height, 30);
  header.writeInt32LE(bits, 34);
  header.writeInt32LE(0, FRAME_COUNT_OFFSET);
  [observer, instrument, telescope].forEach((text, index) => {
    header.write(text.slice(0, TEXT_BYTES), 42 + index * TEXT_BYTES, "latin1");
  });
  const zone = new Date(startedAt).getTimezoneOffset() * 60_000;
  header.writeBigInt64LE(serTime(startedAt - zone), 162);
  header.writeBigInt64LE(serTime(startedAt), 170);
  return header;
}
