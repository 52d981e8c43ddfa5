import type { CameraProperty } from "../asi/index.js";
import { PIXEL_FORMAT } from "./pixel-format.js";
import { BAYER_PATTERN, type Sensor } from "./sensor.js";

/** What is known of a camera before it is opened. */
export interface CameraInfo {
  /** As the vendor library spells it, such as `ZWO ASI294MC Pro`. */
  readonly name: string;
  /** The library's number for the camera; another one after the next plugging. */
  readonly cameraId: number;
  /** 16 hexadecimal digits; older cameras have none. */
  readonly serial?: string | undefined;
  /** 16 hexadecimal digits of the flash memory, where a camera without serial number has something there. */
  readonly flashId?: string | undefined;
  /** The USB port, as the kernel writes it, where nothing else tells cameras apart. */
  readonly port?: string | undefined;
  readonly sensor: Sensor;
  readonly hasCooler: boolean;
  readonly hasGuidePort: boolean;
  readonly hasShutter: boolean;
  readonly hasTrigger: boolean;
  readonly isUsb3Camera: boolean;
  readonly isUsb3Host: boolean;
}

/** Names one camera among all: by serial number, else by flash memory, else by port, else by number. */
export type CameraIdentity = Pick<CameraInfo, "name" | "cameraId" | "serial" | "flashId" | "port">;

/** A key that stays the same for a camera as long as its identity can be told. */
export function identityKey({ name, cameraId, serial, flashId, port }: CameraIdentity): string {
  if (serial !== undefined) return `${name}/${serial}`;
  if (flashId !== undefined) return `${name}/flash ${flashId}`;
  return port === undefined ? `${name}#${cameraId}` : `${name}@${port}`;
}

/** Whether a flash memory or serial number, as hexadecimal digits, was never written. */
export function isBlank(digits: string): boolean {
  return /^(0+|f+)$/.test(digits);
}

/** Whether the camera itself tells which one it is, wherever it is plugged in. */
export function isDistinct({
  serial,
  flashId,
}: Pick<CameraIdentity, "serial" | "flashId">): boolean {
  return serial !== undefined || flashId !== undefined;
}

/** The library's description in our words; formats we do not know are left out. */
export function toCameraInfo(property: CameraProperty): CameraInfo {
  return {
    name: property.name,
    cameraId: property.cameraId,
    sensor: {
      width: property.maxWidth,
      height: property.maxHeight,
      pixelSize: property.pixelSize,
      bitDepth: property.bitDepth,
      binnings: property.supportedBins,
      formats: property.supportedVideoFormats
        .map((type) => PIXEL_FORMAT[type])
        .filter((format) => format !== undefined),
      ...(property.isColorCam ? { bayerPattern: BAYER_PATTERN[property.bayerPattern] } : {}),
    },
    hasCooler: property.isCoolerCam,
    hasGuidePort: property.st4Port,
    hasShutter: property.mechanicalShutter,
    hasTrigger: property.isTriggerCam,
    isUsb3Camera: property.isUSB3Camera,
    isUsb3Host: property.isUSB3Host,
  };
}
