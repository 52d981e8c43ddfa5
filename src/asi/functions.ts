/** How one function of the library looks: the prototype in two halves, the name being its key. */
export interface FunctionDeclaration {
  readonly returns: "ASI_ERROR_CODE" | "ASI_BOOL" | "int" | "char *";
  readonly takes: string;
  /** True for what only newer libraries export, and some never did. */
  readonly optional?: true;
}

/**
 * Every function of the header, in its order, with koffi's `_Out_` at what the library fills.
 *
 * A buffer of pixels carries no `_Out_`: koffi then passes its address instead of a copy.
 */
export const FUNCTIONS = {
  ASIGetNumOfConnectedCameras: { returns: "int",            takes: "" },
  ASIGetProductIDs:            { returns: "int",            takes: "int *pPIDs" },
  ASICameraCheck:              { returns: "ASI_BOOL",       takes: "int iVID, int iPID", optional: true },
  ASIGetCameraProperty:        { returns: "ASI_ERROR_CODE", takes: "_Out_ ASI_CAMERA_INFO *pASICameraInfo, int iCameraIndex" },
  ASIGetCameraPropertyByID:    { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_CAMERA_INFO *pASICameraInfo", optional: true },
  ASIOpenCamera:               { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIInitCamera:               { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASICloseCamera:              { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIGetNumOfControls:         { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *piNumberOfControls" },
  ASIGetControlCaps:           { returns: "ASI_ERROR_CODE", takes: "int iCameraID, int iControlIndex, _Out_ ASI_CONTROL_CAPS *pControlCaps" },
  ASIGetControlValue:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_CONTROL_TYPE ControlType, _Out_ long *plValue, _Out_ ASI_BOOL *pbAuto" },
  ASISetControlValue:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_CONTROL_TYPE ControlType, long lValue, ASI_BOOL bAuto" },
  ASISetROIFormat:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID, int iWidth, int iHeight, int iBin, ASI_IMG_TYPE Img_type" },
  ASIGetROIFormat:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *piWidth, _Out_ int *piHeight, _Out_ int *piBin, _Out_ ASI_IMG_TYPE *pImg_type" },
  ASISetStartPos:              { returns: "ASI_ERROR_CODE", takes: "int iCameraID, int iStartX, int iStartY" },
  ASIGetStartPos:              { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *piStartX, _Out_ int *piStartY" },
  ASIGetDroppedFrames:         { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *piDropFrames" },
  ASIEnableDarkSubtract:       { returns: "ASI_ERROR_CODE", takes: "int iCameraID, char *pcBMPPath" },
  ASIDisableDarkSubtract:      { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIStartVideoCapture:        { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIStopVideoCapture:         { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIGetVideoData:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID, uint8_t *pBuffer, long lBuffSize, int iWaitms" },
  ASIGetVideoDataGPS:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, uint8_t *pBuffer, long lBuffSize, int iWaitms, _Out_ ASI_GPS_DATA *gpsData", optional: true },
  ASIPulseGuideOn:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_GUIDE_DIRECTION direction" },
  ASIPulseGuideOff:            { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_GUIDE_DIRECTION direction" },
  ASIStartExposure:            { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_BOOL bIsDark" },
  ASIStopExposure:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID" },
  ASIGetExpStatus:             { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_EXPOSURE_STATUS *pExpStatus" },
  ASIGetDataAfterExp:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, uint8_t *pBuffer, long lBuffSize" },
  ASIGetDataAfterExpGPS:       { returns: "ASI_ERROR_CODE", takes: "int iCameraID, uint8_t *pBuffer, long lBuffSize, _Out_ ASI_GPS_DATA *gpsData", optional: true },
  ASIGetID:                    { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_ID *pID" },
  ASISetID:                    { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_ID ID" },
  ASIGetGainOffset:            { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *pOffset_HighestDR, _Out_ int *pOffset_UnityGain, _Out_ int *pGain_LowestRN, _Out_ int *pOffset_LowestRN", optional: true },
  ASIGetLMHGainOffset:         { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ int *pLGain, _Out_ int *pMGain, _Out_ int *pHGain, _Out_ int *pHOffset", optional: true },
  ASIGetSDKVersion:            { returns: "char *",   takes: "" },
  ASIGetCameraSupportMode:     { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_SUPPORTED_MODE *pSupportedMode" },
  ASIGetCameraMode:            { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_CAMERA_MODE *mode" },
  ASISetCameraMode:            { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_CAMERA_MODE mode" },
  ASISendSoftTrigger:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_BOOL bStart" },
  ASIGetSerialNumber:          { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_SN *pSN", optional: true },
  ASISetTriggerOutputIOConf:   { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_TRIG_OUTPUT_PIN pin, ASI_BOOL bPinHigh, long lDelay, long lDuration", optional: true },
  ASIGetTriggerOutputIOConf:   { returns: "ASI_ERROR_CODE", takes: "int iCameraID, ASI_TRIG_OUTPUT_PIN pin, _Out_ ASI_BOOL *bPinHigh, _Out_ long *lDelay, _Out_ long *lDuration", optional: true },
  ASIGPSGetData:               { returns: "ASI_ERROR_CODE", takes: "int iCameraID, _Out_ ASI_GPS_DATA *startLineGPSData, _Out_ ASI_GPS_DATA *endLineGPSData", optional: true },
} as const satisfies Record<string, FunctionDeclaration>;

/** The name of a function of the library. */
export type FunctionName = keyof typeof FUNCTIONS;

/** The name of a function that answers with an ASI_ERROR_CODE. */
export type CheckedFunctionName = {
  [Name in FunctionName]: (typeof FUNCTIONS)[Name]["returns"] extends "ASI_ERROR_CODE" ? Name : never;
}[FunctionName];
