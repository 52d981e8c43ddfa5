import koffi from "koffi";
import { expect, test } from "vitest";
import { toCameraProperty, toControlCaps } from "../../src/asi/camera-property.js";
import { toGpsData } from "../../src/asi/gps-data.js";
import { STRUCTS } from "../../src/asi/structs.js";

test("The bytes of ASI_CAMERA_INFO become plain values, lists ending where the header says", () => {
  const bytes = Buffer.alloc(koffi.sizeof(STRUCTS.ASI_CAMERA_INFO));
  koffi.encode(bytes, STRUCTS.ASI_CAMERA_INFO, {
    Name: "ZWO ASI294MC Pro",
    CameraID: 3,
    MaxHeight: 2822,
    MaxWidth: 4144,
    IsColorCam: 1,
    BayerPattern: 0,
    SupportedBins: [1, 2, 3, 4, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9],
    SupportedVideoFormat: [0, 1, 3, 2, -1, 9, 9, 9],
    PixelSize: 4.63,
    MechanicalShutter: 0,
    ST4Port: 0,
    IsCoolerCam: 1,
    IsUSB3Host: 0,
    IsUSB3Camera: 1,
    ElecPerADU: 0.25,
    BitDepth: 14,
    IsTriggerCam: 0,
    Unused: "",
  });
  expect(toCameraProperty(koffi.decode(bytes, STRUCTS.ASI_CAMERA_INFO))).toEqual({
    name: "ZWO ASI294MC Pro",
    cameraId: 3,
    maxWidth: 4144,
    maxHeight: 2822,
    isColorCam: true,
    bayerPattern: 0,
    supportedBins: [1, 2, 3, 4],
    supportedVideoFormats: [0, 1, 3, 2],
    pixelSize: 4.63,
    mechanicalShutter: false,
    st4Port: false,
    isCoolerCam: true,
    isUSB3Host: false,
    isUSB3Camera: true,
    elecPerADU: 0.25,
    bitDepth: 14,
    isTriggerCam: false,
  });
});

test("The bytes of ASI_CONTROL_CAPS become plain values, negative limits included", () => {
  const bytes = Buffer.alloc(koffi.sizeof(STRUCTS.ASI_CONTROL_CAPS));
  koffi.encode(bytes, STRUCTS.ASI_CONTROL_CAPS, {
    Name: "TargetTemp",
    Description: "Target temperature(cool camera only)",
    MaxValue: 30,
    MinValue: -40,
    DefaultValue: 0,
    IsAutoSupported: 0,
    IsWritable: 1,
    ControlType: 16,
    Unused: "",
  });
  expect(toControlCaps(koffi.decode(bytes, STRUCTS.ASI_CONTROL_CAPS))).toEqual({
    name: "TargetTemp",
    description: "Target temperature(cool camera only)",
    minValue: -40,
    maxValue: 30,
    defaultValue: 0,
    isAutoSupported: false,
    isWritable: true,
    controlType: 16,
  });
});

test("A time of the GPS receiver keeps its tenths of a microsecond", () => {
  expect(
    toGpsData({
      Datetime: {
        Year: 2026,
        Month: 2,
        Day: 3,
        Hour: 4,
        Minute: 5,
        Second: 6,
        Msecond: 7,
        Usecond: 89,
        Unused: "",
      },
      Latitude: -33.5,
      Longitude: 151.25,
      Altitude: 1234,
      SatelliteNum: 11,
      Unused: "",
    }),
  ).toEqual({
    utc: "2026-02-03T04:05:06.0070089",
    latitude: -33.5,
    longitude: 151.25,
    altitude: 123.4,
    satellites: 11,
  });
});
