/** The functions of the vendor library that are called when two equal cameras are looked for. */
const FINDING = [
  "ASIGetNumOfConnectedCameras",
  "ASIGetCameraProperty",
  "ASIGetSerialNumber",
  "ASICameraCheck",
] as const;

/** All of them, and those that find something out. */
export const SEARCH = {
  calls: [...FINDING, "ASIGetSDKVersion", "ASIOpenCamera", "ASICloseCamera"],
  finding: FINDING,
} as const;
