import { type ControlCaps, isTrue, toControlCaps, until } from "./camera-property.js";
import type {
  ControlValue,
  GainOffset,
  LMHGainOffset,
  RoiFormat,
  StartPos,
  TriggerOutput,
} from "./camera-values.js";
import {
  ASI_BOOL,
  ASI_CAMERA_MODE,
  type ASI_CONTROL_TYPE,
  ASI_EXPOSURE_STATUS,
  ASI_IMG_TYPE,
  type ASI_TRIG_OUTPUT_PIN,
} from "./constants.js";
import { throwUnlessSuccess } from "./errors.js";
import type { CheckedFunctionName } from "./functions.js";
import { type GpsData, toGpsData } from "./gps-data.js";
import type { Argument, AsiLibrary } from "./library.js";
import {
  type ASI_CONTROL_CAPS,
  type ASI_GPS_DATA,
  type ASI_ID,
  type ASI_SUPPORTED_MODE,
  outStruct,
} from "./structs.js";

/**
 * One camera of the library, a method for each function that concerns it.
 *
 * Calls run on the libuv pool, and nothing here keeps two of them apart: the library expects one
 * at a time for a camera, save those that end a capture. Each throws an AsiError when the library
 * refuses, and a MissingFunctionError where the library is too old.
 */
export class AsiCamera {
  readonly #library: AsiLibrary;

  constructor(
    library: AsiLibrary,
    readonly cameraId: number,
  ) {
    this.#library = library;
  }

  /** Opens the camera; everything below needs that first. */
  open(): Promise<void> {
    return this.#call("ASIOpenCamera");
  }

  /** Prepares the opened camera, which may take a second or more. */
  init(): Promise<void> {
    return this.#call("ASIInitCamera");
  }

  /** Closes the camera; a closed one may be closed again. */
  close(): Promise<void> {
    return this.#call("ASICloseCamera");
  }

  /** Counts the controls. */
  async getNumOfControls(): Promise<number> {
    const count: [number] = [0];
    await this.#call("ASIGetNumOfControls", count);
    return count[0];
  }

  /** Reads range and nature of a control by its index, which is not its type. */
  async getControlCaps(index: number): Promise<ControlCaps> {
    const caps = outStruct<ASI_CONTROL_CAPS>();
    await this.#call("ASIGetControlCaps", index, caps);
    return toControlCaps(caps);
  }

  /** Reads a control. */
  async getControlValue(control: ASI_CONTROL_TYPE): Promise<ControlValue> {
    const value: [number] = [0];
    const auto: [number] = [ASI_BOOL.ASI_FALSE];
    await this.#call("ASIGetControlValue", control, value, auto);
    return { value: value[0], auto: isTrue(auto[0]) };
  }

  /** Sets a control; a value out of range is silently replaced by the nearest (manual 3.9). */
  setControlValue(control: ASI_CONTROL_TYPE, value: number, auto = false): Promise<void> {
    return this.#call("ASISetControlValue", control, value, truth(auto));
  }

  /** Sets size, binning and format while nothing is captured, and centres the region. */
  setROIFormat({ width, height, bin, type }: RoiFormat): Promise<void> {
    return this.#call("ASISetROIFormat", width, height, bin, type);
  }

  /** Reads size, binning and format. */
  async getROIFormat(): Promise<RoiFormat> {
    const width: [number] = [0];
    const height: [number] = [0];
    const bin: [number] = [0];
    const type: [ASI_IMG_TYPE] = [ASI_IMG_TYPE.ASI_IMG_END];
    await this.#call("ASIGetROIFormat", width, height, bin, type);
    return { width: width[0], height: height[0], bin: bin[0], type: type[0] };
  }

  /** Moves the region, which the camera may align: read it back. */
  setStartPos({ x, y }: StartPos): Promise<void> {
    return this.#call("ASISetStartPos", x, y);
  }

  /** Reads where the region is. */
  async getStartPos(): Promise<StartPos> {
    const x: [number] = [0];
    const y: [number] = [0];
    await this.#call("ASIGetStartPos", x, y);
    return { x: x[0], y: y[0] };
  }

  /** Subtracts a dark frame, a BMP file of the sensor's full size, from frames of 8 bits. */
  enableDarkSubtract(bmpPath: string): Promise<void> {
    return this.#call("ASIEnableDarkSubtract", bmpPath);
  }

  /** Subtracts no dark frame any more. */
  disableDarkSubtract(): Promise<void> {
    return this.#call("ASIDisableDarkSubtract");
  }

  /** Starts a single exposure; `isDark` keeps a mechanical shutter closed. */
  startExposure(isDark: boolean): Promise<void> {
    return this.#call("ASIStartExposure", truth(isDark));
  }

  /** Ends the exposure now; what was exposed so far may be readable. */
  stopExposure(): Promise<void> {
    return this.#call("ASIStopExposure");
  }

  /** Asks where the single exposure stands. */
  async getExpStatus(): Promise<ASI_EXPOSURE_STATUS> {
    const status: [ASI_EXPOSURE_STATUS] = [ASI_EXPOSURE_STATUS.ASI_EXP_IDLE];
    await this.#call("ASIGetExpStatus", status);
    return status[0];
  }

  /** Fills `buffer`, which must hold the whole frame or the library may crash (manual 3.25). */
  getDataAfterExp(buffer: Uint8Array): Promise<void> {
    return this.#call("ASIGetDataAfterExp", buffer, buffer.byteLength);
  }

  /** Does the same and tells when the frame was taken, on cameras with GPS. */
  async getDataAfterExpGPS(buffer: Uint8Array): Promise<GpsData> {
    const gps = outStruct<ASI_GPS_DATA>();
    await this.#call("ASIGetDataAfterExpGPS", buffer, buffer.byteLength, gps);
    return toGpsData(gps);
  }

  /** Starts a video. */
  startVideoCapture(): Promise<void> {
    return this.#call("ASIStartVideoCapture");
  }

  /** Stops the video. */
  stopVideoCapture(): Promise<void> {
    return this.#call("ASIStopVideoCapture");
  }

  /** Waits for a frame of the video and fills `buffer`, which must hold it (manual 3.19). */
  getVideoData(buffer: Uint8Array, waitMs: number): Promise<void> {
    return this.#call("ASIGetVideoData", buffer, buffer.byteLength, waitMs);
  }

  /** Does the same and tells when the frame was taken, on cameras with GPS. */
  async getVideoDataGPS(buffer: Uint8Array, waitMs: number): Promise<GpsData> {
    const gps = outStruct<ASI_GPS_DATA>();
    await this.#call("ASIGetVideoDataGPS", buffer, buffer.byteLength, waitMs, gps);
    return toGpsData(gps);
  }

  /** Counts the frames of the video that were lost since it started. */
  async getDroppedFrames(): Promise<number> {
    const count: [number] = [0];
    await this.#call("ASIGetDroppedFrames", count);
    return count[0];
  }

  /** Reads the eight bytes of the camera's flash memory meant for a name (USB 3 only). */
  async getID(): Promise<Uint8Array> {
    const id = outStruct<ASI_ID>();
    await this.#call("ASIGetID", id);
    return Uint8Array.from(id.id);
  }

  /** Writes the eight bytes of the camera's flash memory meant for a name (USB 3 only). */
  setID(id: Uint8Array): Promise<void> {
    return this.#call("ASISetID", { id });
  }

  /** Reads the serial number, eight bytes; cameras without one answer ASI_ERROR_GENERAL_ERROR. */
  async getSerialNumber(): Promise<Uint8Array> {
    const number = outStruct<ASI_ID>();
    await this.#call("ASIGetSerialNumber", number);
    return Uint8Array.from(number.id);
  }

  /** Reads the vendor's recommended gains and offsets. */
  async getGainOffset(): Promise<GainOffset> {
    const offsetHighestDR: [number] = [0];
    const offsetUnityGain: [number] = [0];
    const gainLowestRN: [number] = [0];
    const offsetLowestRN: [number] = [0];
    await this.#call(
      "ASIGetGainOffset",
      offsetHighestDR,
      offsetUnityGain,
      gainLowestRN,
      offsetLowestRN,
    );
    return {
      offsetHighestDR: offsetHighestDR[0],
      offsetUnityGain: offsetUnityGain[0],
      gainLowestRN: gainLowestRN[0],
      offsetLowestRN: offsetLowestRN[0],
    };
  }

  /** Reads the vendor's low, middle and high gain. */
  async getLMHGainOffset(): Promise<LMHGainOffset> {
    const low: [number] = [0];
    const middle: [number] = [0];
    const high: [number] = [0];
    const offset: [number] = [0];
    await this.#call("ASIGetLMHGainOffset", low, middle, high, offset);
    return { lowGain: low[0], middleGain: middle[0], highGain: high[0], highOffset: offset[0] };
  }

  /** Lists the modes of a camera with a trigger port. */
  async getCameraSupportMode(): Promise<readonly ASI_CAMERA_MODE[]> {
    const modes = outStruct<ASI_SUPPORTED_MODE>();
    await this.#call("ASIGetCameraSupportMode", modes);
    return until(modes.SupportedCameraMode, ASI_CAMERA_MODE.ASI_MODE_END);
  }

  /** Reads the mode. */
  async getCameraMode(): Promise<ASI_CAMERA_MODE> {
    const mode: [ASI_CAMERA_MODE] = [ASI_CAMERA_MODE.ASI_MODE_NORMAL];
    await this.#call("ASIGetCameraMode", mode);
    return mode[0];
  }

  /** Sets the mode while nothing is captured; frames of a trigger mode come as video. */
  setCameraMode(mode: ASI_CAMERA_MODE): Promise<void> {
    return this.#call("ASISetCameraMode", mode);
  }

  /** Starts an exposure in a soft trigger mode, or ends it in the soft level mode. */
  sendSoftTrigger(start: boolean): Promise<void> {
    return this.#call("ASISendSoftTrigger", truth(start));
  }

  /** Sets what an output pin does; times from 0 to 2 000 000 000 µs. */
  setTriggerOutputIOConf(pin: ASI_TRIG_OUTPUT_PIN, output: TriggerOutput): Promise<void> {
    const { high, delay, duration } = output;
    return this.#call("ASISetTriggerOutputIOConf", pin, truth(high), delay, duration);
  }

  /** Reads what an output pin does. */
  async getTriggerOutputIOConf(pin: ASI_TRIG_OUTPUT_PIN): Promise<TriggerOutput> {
    const high: [number] = [ASI_BOOL.ASI_FALSE];
    const delay: [number] = [0];
    const duration: [number] = [0];
    await this.#call("ASIGetTriggerOutputIOConf", pin, high, delay, duration);
    return { high: isTrue(high[0]), delay: delay[0], duration: duration[0] };
  }

  /** Reads when the lines ASI_GPS_START_LINE and ASI_GPS_END_LINE of the last frame were taken. */
  async gpsGetData(): Promise<{ readonly startLine: GpsData; readonly endLine: GpsData }> {
    const start = outStruct<ASI_GPS_DATA>();
    const end = outStruct<ASI_GPS_DATA>();
    await this.#call("ASIGPSGetData", start, end);
    return { startLine: toGpsData(start), endLine: toGpsData(end) };
  }

  async #call(name: CheckedFunctionName, ...args: readonly Argument[]): Promise<void> {
    const code = await this.#library.callAsync(name, this.cameraId, ...args);
    throwUnlessSuccess(name, code, this.cameraId);
  }
}

function truth(value: boolean): ASI_BOOL {
  return value ? ASI_BOOL.ASI_TRUE : ASI_BOOL.ASI_FALSE;
}
