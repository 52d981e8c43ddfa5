import type { Clock } from "../camera/clock.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { Device } from "../indi/device.js";
import { capture } from "./capture.js";
import { color } from "./color.js";
import { controls } from "./controls.js";
import { type CustomKeywords, customKeywords } from "./custom-keywords.js";
import { ADC_DEPTH, SDK, SERIAL_NUMBER } from "./definitions.js";
import { exposure, frameType } from "./exposure.js";
import { image } from "./image.js";
import { dateKeywords, geometryKeywords, instrumentKeywords } from "./keywords.js";
import { scope } from "./scope.js";
import { temperature } from "./temperature.js";
import { upload } from "./upload.js";

/** What a CCD needs besides its camera. */
export interface CcdSurroundings {
  readonly device: Device;
  readonly clock: Clock;
  /** The clients' own keywords, which outlive the connection. */
  readonly keywords: CustomKeywords;
  /** Name and version of this program, for the header. */
  readonly software: string;
  /** Milliseconds between two readings of the temperature. */
  pollingPeriod(): number;
  /** Tells what is being done to whoever wants to know that much. */
  debug(text: string): void;
}

/** Shows an opened camera as an INDI CCD, for as long as the connection lasts. */
export async function ccd(
  connection: Connection,
  camera: RemoteCamera,
  { device, clock, keywords: custom, software, pollingPeriod, debug }: CcdSurroundings,
): Promise<void> {
  const { info, sdkVersion } = camera.opened;
  const message = (text: string) => device.message(text);

  const type = frameType(connection);
  capture(connection, camera);
  customKeywords(connection, custom);
  const delivery = image(connection, {
    custom,
    upload: upload(connection, { message }),
    software,
    before: [
      instrumentKeywords(device.name, info),
      type.keywords,
      await temperature(connection, camera, { clock, pollingPeriod, message }),
      geometryKeywords(info),
      color(connection, camera),
      scope(connection, info),
      dateKeywords,
    ],
    after: [
      controls(connection, camera),
      (header) => header.set("SWCREATE", software, "Program that wrote this file"),
    ],
    onError: (error) => device.failed("CCD1", error),
  });
  exposure(connection, camera, { type, delivery, message, debug });
  connection.add(ADC_DEPTH(info.sensor));
  connection.add(SDK(sdkVersion));
  if (info.serial !== undefined) connection.add(SERIAL_NUMBER(info.serial));
}
