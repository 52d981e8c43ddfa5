import koffi from "koffi";
import type {
  ASI_BAYER_PATTERN,
  ASI_CAMERA_MODE,
  ASI_CONTROL_TYPE,
  ASI_EXPOSURE_STATUS,
  ASI_IMG_TYPE,
} from "./constants.js";

const ENUMS = [
  "ASI_BAYER_PATTERN",
  "ASI_BOOL",
  "ASI_CAMERA_MODE",
  "ASI_CONTROL_TYPE",
  "ASI_ERROR_CODE",
  "ASI_EXPOSURE_STATUS",
  "ASI_GUIDE_DIRECTION",
  "ASI_IMG_TYPE",
  "ASI_TRIG_OUTPUT_PIN",
] as const;
for (const name of ENUMS) koffi.alias(name, "int");

const CAMERA_INFO = {
  Name: "char[64]",
  CameraID: "int",
  MaxHeight: "long",
  MaxWidth: "long",
  IsColorCam: "ASI_BOOL",
  BayerPattern: "ASI_BAYER_PATTERN",
  SupportedBins: "int[16]",
  SupportedVideoFormat: "ASI_IMG_TYPE[8]",
  PixelSize: "double",
  MechanicalShutter: "ASI_BOOL",
  ST4Port: "ASI_BOOL",
  IsCoolerCam: "ASI_BOOL",
  IsUSB3Host: "ASI_BOOL",
  IsUSB3Camera: "ASI_BOOL",
  ElecPerADU: "float",
  BitDepth: "int",
  IsTriggerCam: "ASI_BOOL",
  Unused: "char[16]",
} as const;

const CONTROL_CAPS = {
  Name: "char[64]",
  Description: "char[128]",
  MaxValue: "long",
  MinValue: "long",
  DefaultValue: "long",
  IsAutoSupported: "ASI_BOOL",
  IsWritable: "ASI_BOOL",
  ControlType: "ASI_CONTROL_TYPE",
  Unused: "char[32]",
} as const;

const ID = { id: "uint8_t[8]" } as const;

const SUPPORTED_MODE = { SupportedCameraMode: "ASI_CAMERA_MODE[16]" } as const;

const DATE_TIME = {
  Year: "int",
  Month: "int",
  Day: "int",
  Hour: "int",
  Minute: "int",
  Second: "int",
  Msecond: "int",
  Usecond: "int",
  Unused: "char[64]",
} as const;

const GPS_DATA = {
  Datetime: "ASI_DATE_TIME",
  Latitude: "double",
  Longitude: "double",
  Altitude: "int",
  SatelliteNum: "int",
  Unused: "char[64]",
} as const;

/** The header's structs as koffi types, laid out by the rules of the machine it runs on. */
export const STRUCTS = {
  ASI_CAMERA_INFO: koffi.struct("ASI_CAMERA_INFO", CAMERA_INFO),
  ASI_CONTROL_CAPS: koffi.struct("ASI_CONTROL_CAPS", CONTROL_CAPS),
  ASI_ID: koffi.struct("ASI_ID", ID),
  ASI_SN: koffi.alias("ASI_SN", "ASI_ID"),
  ASI_SUPPORTED_MODE: koffi.struct("ASI_SUPPORTED_MODE", SUPPORTED_MODE),
  ASI_DATE_TIME: koffi.struct("ASI_DATE_TIME", DATE_TIME),
  ASI_GPS_DATA: koffi.struct("ASI_GPS_DATA", GPS_DATA),
} as const;

/** What a value of each C type becomes in JavaScript. */
export interface CTypes {
  int: number;
  long: number;
  float: number;
  double: number;
  uint8_t: number;
  "char *": string;
  ASI_BAYER_PATTERN: ASI_BAYER_PATTERN;
  ASI_BOOL: number;
  ASI_CAMERA_MODE: ASI_CAMERA_MODE;
  ASI_CONTROL_TYPE: ASI_CONTROL_TYPE;
  ASI_ERROR_CODE: number;
  ASI_EXPOSURE_STATUS: ASI_EXPOSURE_STATUS;
  ASI_IMG_TYPE: ASI_IMG_TYPE;
  ASI_DATE_TIME: ASI_DATE_TIME;
}

type Decoded<T> = T extends `char[${number}]`
  ? string
  : T extends `${infer Element extends keyof CTypes & string}[${number}]`
    ? ArrayLike<CTypes[Element]>
    : T extends keyof CTypes
      ? CTypes[T]
      : never;
type DecodedStruct<S> = { readonly [Member in keyof S]: Decoded<S[Member]> };

/** ASI_CAMERA_INFO as decoded. */
export type ASI_CAMERA_INFO = DecodedStruct<typeof CAMERA_INFO>;
/** ASI_CONTROL_CAPS as decoded. */
export type ASI_CONTROL_CAPS = DecodedStruct<typeof CONTROL_CAPS>;
/** ASI_ID and ASI_SN as decoded. */
export type ASI_ID = DecodedStruct<typeof ID>;
/** ASI_SUPPORTED_MODE as decoded. */
export type ASI_SUPPORTED_MODE = DecodedStruct<typeof SUPPORTED_MODE>;
/** ASI_DATE_TIME as decoded. */
export interface ASI_DATE_TIME extends DecodedStruct<typeof DATE_TIME> {}
/** ASI_GPS_DATA as decoded. */
export type ASI_GPS_DATA = DecodedStruct<typeof GPS_DATA>;

/** Makes an empty struct to hand to a function that fills it; read it only after that. */
export function outStruct<T extends object>(): T {
  return {} as T;
}
