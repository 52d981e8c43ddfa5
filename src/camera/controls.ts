import { ASI_CONTROL_TYPE } from "../asi/constants.js";
import type { ControlCaps } from "../asi/index.js";

/** Which control: the library's ASI_CONTROL_TYPE. */
export type ControlType = ASI_CONTROL_TYPE;

/** The controls that have a property or a purpose of their own. */
export const CONTROL = {
  exposure: ASI_CONTROL_TYPE.ASI_EXPOSURE,
  gain: ASI_CONTROL_TYPE.ASI_GAIN,
  offset: ASI_CONTROL_TYPE.ASI_OFFSET,
  bandwidth: ASI_CONTROL_TYPE.ASI_BANDWIDTHOVERLOAD,
  temperature: ASI_CONTROL_TYPE.ASI_TEMPERATURE,
  flip: ASI_CONTROL_TYPE.ASI_FLIP,
  coolerPower: ASI_CONTROL_TYPE.ASI_COOLER_POWER_PERC,
  targetTemperature: ASI_CONTROL_TYPE.ASI_TARGET_TEMP,
  coolerOn: ASI_CONTROL_TYPE.ASI_COOLER_ON,
  monoBin: ASI_CONTROL_TYPE.ASI_MONO_BIN,
  usbHubReset: ASI_CONTROL_TYPE.ASI_USBHUB_RESET,
  fan: ASI_CONTROL_TYPE.ASI_FAN_ON,
  dewHeater: ASI_CONTROL_TYPE.ASI_ANTI_DEW_HEATER,
  powerLed: ASI_CONTROL_TYPE.ASI_PWRLED_BRIGNT,
  gps: ASI_CONTROL_TYPE.ASI_GPS_SUPPORT,
  whiteBalanceRed: ASI_CONTROL_TYPE.ASI_WB_R,
  whiteBalanceBlue: ASI_CONTROL_TYPE.ASI_WB_B,
} as const;

/** One adjustable or readable quantity of a camera (ASI_CONTROL_CAPS, manual 2.10). */
export interface ControlInfo {
  readonly type: ControlType;
  /** The library's name for it, such as `Gain`: clients look for these. */
  readonly name: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly canBeAuto: boolean;
  readonly writable: boolean;
}

/** Where a control stands. */
export interface ControlValue {
  readonly type: ControlType;
  readonly value: number;
  readonly auto: boolean;
}

/** A control with its present value. */
export interface Control extends ControlInfo, ControlValue {}

/** The library's description in our words. */
export function toControlInfo(caps: ControlCaps): ControlInfo {
  return {
    type: caps.controlType,
    name: caps.name,
    description: caps.description,
    min: caps.minValue,
    max: caps.maxValue,
    default: caps.defaultValue,
    canBeAuto: caps.isAutoSupported,
    writable: caps.isWritable,
  };
}
