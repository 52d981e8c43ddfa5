import type { Clock } from "../camera/clock.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { Device } from "../indi/device.js";
import type { MessageLevel } from "../indi/types.js";
import { capture } from "./capture.js";
import { color } from "./color.js";
import { controls } from "./controls.js";
import { type CustomKeywords, customKeywords } from "./custom-keywords.js";
import { ADC_DEPTH, SDK, SERIAL_NUMBER } from "./definitions.js";
import { exposure, frameType } from "./exposure.js";
import { features } from "./features/features.js";
import { image } from "./image.js";
import { dateKeywords, geometryKeywords, instrumentKeywords } from "./keywords.js";
import type { Observatory } from "./observatory.js";
import { scope } from "./scope.js";
import { streaming } from "./streaming.js";
import { temperature } from "./temperature.js";
import { Video } from "./video.js";

/** What a CCD needs besides its camera. */
export interface CcdSurroundings {
  readonly device: Device;
  readonly clock: Clock;
  /** The clients' own keywords, which outlive the connection. */
  readonly keywords: CustomKeywords;
  /** Name and version of this program, for the header. */
  readonly software: string;
  /** What other devices tell at this moment. */
  observatory(): Observatory;
  /** Milliseconds between two readings of the temperature. */
  pollingPeriod(): number;
  /** Tells what is being done to whoever wants to know that much. */
  debug(text: string): void;
}

/** Shows an opened camera as an INDI CCD, for as long as the connection lasts. */
export async function ccd(
  connection: Connection,
  camera: RemoteCamera,
  { device, clock, keywords: custom, software, observatory, pollingPeriod, debug }: CcdSurroundings,
): Promise<void> {
  const { info, sdkVersion } = camera.opened;
  const message = (text: string, level?: MessageLevel) => device.message(text, level);

  const type = frameType(connection);
  const video: Video = new Video(camera.video, () => videoOptions());
  capture(connection, camera, video);
  customKeywords(connection, custom);
  const thermometer = await temperature(connection, camera, { clock, pollingPeriod, message });
  const colors = color(connection, camera);
  const { blob, packing } = image(connection, custom, {
    before: [
      instrumentKeywords(device.name, info),
      type.keywords,
      thermometer,
      geometryKeywords(info),
      colors.keywords,
      scope(connection, info),
      dateKeywords,
    ],
    after: [
      controls(connection, camera),
      (header, picture) => extra(header, picture),
      (header) => header.set("SWCREATE", software, "Program that wrote this file"),
    ],
    onError: (error) => device.failed("CCD1", error),
  });
  exposure(connection, camera, {
    type,
    packing,
    unless: () => video.isRunning && "Stop the video before you take an exposure.",
    message,
    debug,
  });
  const videoOptions = streaming(connection, camera, video, {
    device,
    clock,
    blob,
    color: colors,
    keywords: custom,
    observatory,
    isCompressing: () => false,
    message,
  });
  connection.add(ADC_DEPTH(info.sensor));
  connection.add(SDK(sdkVersion));
  if (info.serial !== undefined) connection.add(SERIAL_NUMBER(info.serial));
  const extra = await features(connection, camera, device);
}
