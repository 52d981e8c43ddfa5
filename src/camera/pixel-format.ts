import { ASI_IMG_TYPE } from "../asi/constants.js";

/** The picture formats of the vendor library, by its own names (ASI_IMG_TYPE, manual 2.2). */
export type PixelFormat = "RAW8" | "RGB24" | "RAW16" | "Y8";

interface PixelLayout {
  readonly bitsPerSample: 8 | 16;
  readonly planes: 1 | 3;
  /** Each pixel carries one colour of the sensor's Bayer matrix. */
  readonly mosaic: boolean;
}

/** How the pixels of each format lie in memory. */
export const PIXEL_LAYOUT: Readonly<Record<PixelFormat, PixelLayout>> = {
  RAW8: { bitsPerSample: 8, planes: 1, mosaic: true },
  RGB24: { bitsPerSample: 8, planes: 3, mosaic: false },
  RAW16: { bitsPerSample: 16, planes: 1, mosaic: true },
  Y8: { bitsPerSample: 8, planes: 1, mosaic: false },
};

/** Bytes one pixel takes in memory. */
export function bytesPerPixel(format: PixelFormat): number {
  const { bitsPerSample, planes } = PIXEL_LAYOUT[format];
  return (bitsPerSample / 8) * planes;
}

/** Bytes a part of the sensor takes in memory. */
export function frameBytes(
  { width, height }: { readonly width: number; readonly height: number },
  format: PixelFormat,
): number {
  return width * height * bytesPerPixel(format);
}

/** The library's number of each format. */
export const IMAGE_TYPE = {
  RAW8: ASI_IMG_TYPE.ASI_IMG_RAW8,
  RGB24: ASI_IMG_TYPE.ASI_IMG_RGB24,
  RAW16: ASI_IMG_TYPE.ASI_IMG_RAW16,
  Y8: ASI_IMG_TYPE.ASI_IMG_Y8,
} as const;

/** The format of each of the library's numbers; one we do not know has none. */
export const PIXEL_FORMAT: Readonly<Record<ASI_IMG_TYPE, PixelFormat | undefined>> = {
  [ASI_IMG_TYPE.ASI_IMG_RAW8]: "RAW8",
  [ASI_IMG_TYPE.ASI_IMG_RGB24]: "RGB24",
  [ASI_IMG_TYPE.ASI_IMG_RAW16]: "RAW16",
  [ASI_IMG_TYPE.ASI_IMG_Y8]: "Y8",
  [ASI_IMG_TYPE.ASI_IMG_END]: undefined,
};
