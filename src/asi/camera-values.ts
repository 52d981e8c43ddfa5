import type { ASI_IMG_TYPE } from "./constants.js";

/** The value of a control, and whether the camera adjusts it by itself. */
export interface ControlValue {
  readonly value: number;
  readonly auto: boolean;
}

/** Size (in binned pixels), binning and format of the frames to come. */
export interface RoiFormat {
  readonly width: number;
  readonly height: number;
  readonly bin: number;
  readonly type: ASI_IMG_TYPE;
}

/** Top left pixel of the region that is read, in binned pixels. */
export interface StartPos {
  readonly x: number;
  readonly y: number;
}

/** Gain and offset recommended by the vendor, in the units of the controls. */
export interface GainOffset {
  readonly offsetHighestDR: number;
  readonly offsetUnityGain: number;
  readonly gainLowestRN: number;
  readonly offsetLowestRN: number;
}

/** The vendor's low, middle and high gain, and the offset that goes with the high one. */
export interface LMHGainOffset {
  readonly lowGain: number;
  readonly middleGain: number;
  readonly highGain: number;
  readonly highOffset: number;
}

/** What an output pin of the trigger port does after a trigger; no pulse when `duration` is 0. */
export interface TriggerOutput {
  /** True for a high level as the signal. */
  readonly high: boolean;
  /** From the trigger to the signal, in microseconds. */
  readonly delay: number;
  /** How long the signal lasts, in microseconds. */
  readonly duration: number;
}
