/** Colour order of the sensor's 2 x 2 filter pattern, starting at the top left pixel. */
export const ASI_BAYER_PATTERN = {
  ASI_BAYER_RG: 0,
  ASI_BAYER_BG: 1,
  ASI_BAYER_GR: 2,
  ASI_BAYER_GB: 3,
} as const;
/** One of the header's Bayer patterns. */
export type ASI_BAYER_PATTERN = (typeof ASI_BAYER_PATTERN)[keyof typeof ASI_BAYER_PATTERN];

/** Pixel formats: 1, 3, 2 and 1 bytes a pixel; RGB24 comes as B, G, R. */
export const ASI_IMG_TYPE = {
  ASI_IMG_RAW8: 0,
  ASI_IMG_RGB24: 1,
  ASI_IMG_RAW16: 2,
  ASI_IMG_Y8: 3,
  ASI_IMG_END: -1,
} as const;
/** One of the header's pixel formats. */
export type ASI_IMG_TYPE = (typeof ASI_IMG_TYPE)[keyof typeof ASI_IMG_TYPE];

/** The four relays of the ST4 port. */
export const ASI_GUIDE_DIRECTION = {
  ASI_GUIDE_NORTH: 0,
  ASI_GUIDE_SOUTH: 1,
  ASI_GUIDE_EAST: 2,
  ASI_GUIDE_WEST: 3,
} as const;
/** One of the header's guide directions. */
export type ASI_GUIDE_DIRECTION = (typeof ASI_GUIDE_DIRECTION)[keyof typeof ASI_GUIDE_DIRECTION];

/** Values of the control ASI_FLIP. */
export const ASI_FLIP_STATUS = {
  ASI_FLIP_NONE: 0,
  ASI_FLIP_HORIZ: 1,
  ASI_FLIP_VERT: 2,
  ASI_FLIP_BOTH: 3,
} as const;
/** One of the header's flip states. */
export type ASI_FLIP_STATUS = (typeof ASI_FLIP_STATUS)[keyof typeof ASI_FLIP_STATUS];

/** What starts and ends an exposure of a camera with a trigger input. */
export const ASI_CAMERA_MODE = {
  ASI_MODE_NORMAL: 0,
  ASI_MODE_TRIG_SOFT_EDGE: 1,
  ASI_MODE_TRIG_RISE_EDGE: 2,
  ASI_MODE_TRIG_FALL_EDGE: 3,
  ASI_MODE_TRIG_SOFT_LEVEL: 4,
  ASI_MODE_TRIG_HIGH_LEVEL: 5,
  ASI_MODE_TRIG_LOW_LEVEL: 6,
  ASI_MODE_END: -1,
} as const;
/** One of the header's camera modes. */
export type ASI_CAMERA_MODE = (typeof ASI_CAMERA_MODE)[keyof typeof ASI_CAMERA_MODE];

/** The output pins of the trigger port. */
export const ASI_TRIG_OUTPUT_PIN = {
  ASI_TRIG_OUTPUT_PINA: 0,
  ASI_TRIG_OUTPUT_PINB: 1,
  ASI_TRIG_OUTPUT_NONE: -1,
} as const;
/** One of the header's trigger output pins. */
export type ASI_TRIG_OUTPUT_PIN = (typeof ASI_TRIG_OUTPUT_PIN)[keyof typeof ASI_TRIG_OUTPUT_PIN];

/** What nearly every function of the library returns. */
export const ASI_ERROR_CODE = {
  ASI_SUCCESS: 0,
  ASI_ERROR_INVALID_INDEX: 1,
  ASI_ERROR_INVALID_ID: 2,
  ASI_ERROR_INVALID_CONTROL_TYPE: 3,
  ASI_ERROR_CAMERA_CLOSED: 4,
  ASI_ERROR_CAMERA_REMOVED: 5,
  ASI_ERROR_INVALID_PATH: 6,
  ASI_ERROR_INVALID_FILEFORMAT: 7,
  ASI_ERROR_INVALID_SIZE: 8,
  ASI_ERROR_INVALID_IMGTYPE: 9,
  ASI_ERROR_OUTOF_BOUNDARY: 10,
  ASI_ERROR_TIMEOUT: 11,
  ASI_ERROR_INVALID_SEQUENCE: 12,
  ASI_ERROR_BUFFER_TOO_SMALL: 13,
  ASI_ERROR_VIDEO_MODE_ACTIVE: 14,
  ASI_ERROR_EXPOSURE_IN_PROGRESS: 15,
  ASI_ERROR_GENERAL_ERROR: 16,
  ASI_ERROR_INVALID_MODE: 17,
  ASI_ERROR_GPS_NOT_SUPPORTED: 18,
  ASI_ERROR_GPS_VER_ERR: 19,
  ASI_ERROR_GPS_FPGA_ERR: 20,
  ASI_ERROR_GPS_PARAM_OUT_OF_RANGE: 21,
  ASI_ERROR_GPS_DATA_INVALID: 22,
} as const;
/** One of the header's error codes. */
export type ASI_ERROR_CODE = (typeof ASI_ERROR_CODE)[keyof typeof ASI_ERROR_CODE];

/** The header's truth values, which are four bytes each. */
export const ASI_BOOL = {
  ASI_FALSE: 0,
  ASI_TRUE: 1,
} as const;
/** One of the header's truth values. */
export type ASI_BOOL = (typeof ASI_BOOL)[keyof typeof ASI_BOOL];

/** What can be read or set by ASIGetControlValue and ASISetControlValue. */
export const ASI_CONTROL_TYPE = {
  ASI_GAIN: 0,
  ASI_EXPOSURE: 1,
  ASI_GAMMA: 2,
  ASI_WB_R: 3,
  ASI_WB_B: 4,
  ASI_OFFSET: 5,
  ASI_BANDWIDTHOVERLOAD: 6,
  ASI_OVERCLOCK: 7,
  ASI_TEMPERATURE: 8,
  ASI_FLIP: 9,
  ASI_AUTO_MAX_GAIN: 10,
  ASI_AUTO_MAX_EXP: 11,
  ASI_AUTO_TARGET_BRIGHTNESS: 12,
  ASI_HARDWARE_BIN: 13,
  ASI_HIGH_SPEED_MODE: 14,
  ASI_COOLER_POWER_PERC: 15,
  ASI_TARGET_TEMP: 16,
  ASI_COOLER_ON: 17,
  ASI_MONO_BIN: 18,
  ASI_FAN_ON: 19,
  ASI_PATTERN_ADJUST: 20,
  ASI_ANTI_DEW_HEATER: 21,
  ASI_FAN_ADJUST: 22,
  ASI_PWRLED_BRIGNT: 23,
  ASI_USBHUB_RESET: 24,
  ASI_GPS_SUPPORT: 25,
  ASI_GPS_START_LINE: 26,
  ASI_GPS_END_LINE: 27,
  ASI_ROLLING_INTERVAL: 28,
} as const;
/** One of the header's controls. */
export type ASI_CONTROL_TYPE = (typeof ASI_CONTROL_TYPE)[keyof typeof ASI_CONTROL_TYPE];

/** Where a single exposure stands. */
export const ASI_EXPOSURE_STATUS = {
  ASI_EXP_IDLE: 0,
  ASI_EXP_WORKING: 1,
  ASI_EXP_SUCCESS: 2,
  ASI_EXP_FAILED: 3,
} as const;
/** One of the header's exposure states. */
export type ASI_EXPOSURE_STATUS = (typeof ASI_EXPOSURE_STATUS)[keyof typeof ASI_EXPOSURE_STATUS];
