import {
  type ASI_BAYER_PATTERN,
  ASI_BOOL,
  type ASI_CONTROL_TYPE,
  ASI_IMG_TYPE,
} from "./constants.js";
import type { ASI_CAMERA_INFO, ASI_CONTROL_CAPS } from "./structs.js";

/** What the library knows of a camera without opening it (manual section 2, ASI_CAMERA_INFO). */
export interface CameraProperty {
  readonly name: string;
  /** Names the camera to every other function; not the same after it was plugged again. */
  readonly cameraId: number;
  /** Size of the sensor in pixels. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly isColorCam: boolean;
  readonly bayerPattern: ASI_BAYER_PATTERN;
  readonly supportedBins: readonly number[];
  readonly supportedVideoFormats: readonly ASI_IMG_TYPE[];
  /** Size of a pixel in micrometres. */
  readonly pixelSize: number;
  readonly mechanicalShutter: boolean;
  readonly st4Port: boolean;
  readonly isCoolerCam: boolean;
  readonly isUSB3Host: boolean;
  readonly isUSB3Camera: boolean;
  readonly elecPerADU: number;
  /** Bits of the converter; the pixels of RAW16 are shifted left to fill 16. */
  readonly bitDepth: number;
  readonly isTriggerCam: boolean;
}

/** Range and nature of one control (manual section 2, ASI_CONTROL_CAPS). */
export interface ControlCaps {
  readonly name: string;
  readonly description: string;
  readonly minValue: number;
  readonly maxValue: number;
  readonly defaultValue: number;
  readonly isAutoSupported: boolean;
  readonly isWritable: boolean;
  readonly controlType: ASI_CONTROL_TYPE;
}

/** Turns the struct ASI_CAMERA_INFO into plain values. */
export function toCameraProperty(struct: ASI_CAMERA_INFO): CameraProperty {
  return {
    name: struct.Name,
    cameraId: struct.CameraID,
    maxWidth: struct.MaxWidth,
    maxHeight: struct.MaxHeight,
    isColorCam: isTrue(struct.IsColorCam),
    bayerPattern: struct.BayerPattern,
    supportedBins: until(struct.SupportedBins, 0),
    supportedVideoFormats: until(struct.SupportedVideoFormat, ASI_IMG_TYPE.ASI_IMG_END),
    pixelSize: struct.PixelSize,
    mechanicalShutter: isTrue(struct.MechanicalShutter),
    st4Port: isTrue(struct.ST4Port),
    isCoolerCam: isTrue(struct.IsCoolerCam),
    isUSB3Host: isTrue(struct.IsUSB3Host),
    isUSB3Camera: isTrue(struct.IsUSB3Camera),
    // Single precision has seven digits; the others are noise.
    elecPerADU: Number(struct.ElecPerADU.toPrecision(7)),
    bitDepth: struct.BitDepth,
    isTriggerCam: isTrue(struct.IsTriggerCam),
  };
}

/** Turns the struct ASI_CONTROL_CAPS into plain values. */
export function toControlCaps(struct: ASI_CONTROL_CAPS): ControlCaps {
  return {
    name: struct.Name,
    description: struct.Description,
    minValue: struct.MinValue,
    maxValue: struct.MaxValue,
    defaultValue: struct.DefaultValue,
    isAutoSupported: isTrue(struct.IsAutoSupported),
    isWritable: isTrue(struct.IsWritable),
    controlType: struct.ControlType,
  };
}

/** Reads one of the header's truth values. */
export function isTrue(value: number): boolean {
  return value !== ASI_BOOL.ASI_FALSE;
}

/** Takes the items of one of the header's arrays up to the value that ends it. */
export function until<T>(items: ArrayLike<T>, end: T): readonly T[] {
  const list = Array.from(items);
  const length = list.indexOf(end);
  return length < 0 ? list : list.slice(0, length);
}
