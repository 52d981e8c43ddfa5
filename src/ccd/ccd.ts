import type { Clock } from "../camera/clock.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { Device } from "../indi/device.js";
import type { MessageLevel } from "../indi/types.js";
import { capture } from "./capture.js";
import { ADC_DEPTH } from "./capture-definitions.js";
import { color } from "./color.js";
import { controls } from "./controls.js";
import { type CustomKeywords, customKeywords } from "./custom-keywords.js";
import { SDK, SERIAL_NUMBER } from "./definitions.js";
import { exposure, frameType, timeKeywords, typeKeywords } from "./exposure.js";
import { features } from "./features/features.js";
import type { Files } from "./files/files.js";
import { flip } from "./flip.js";
import { image } from "./image.js";
import {
  dateKeywords,
  geometryKeywords,
  instrumentKeywords,
  noKeywords,
  originKeywords,
  telescopeKeywords,
} from "./keywords.js";
import type { Observatory } from "./observatory.js";
import { accessoryKeywords, filterKeywords, pointingKeywords } from "./observatory-keywords.js";
import { type Recovery, recovery } from "./recovery.js";
import { scope } from "./scope.js";
import { streaming } from "./streaming.js";
import { temperature } from "./temperature.js";
import { upload } from "./upload.js";
import { Video } from "./video.js";
import { wcs } from "./wcs.js";

/** What a CCD needs besides its camera. */
export interface CcdSurroundings {
  readonly device: Device;
  readonly clock: Clock;
  /** Where clients may have files. */
  readonly files: Files;
  /** The clients' own keywords, which outlive the connection. */
  readonly keywords: CustomKeywords;
  /** Name and version of this program, for the header. */
  readonly software: string;
  /** What other devices tell at this moment. */
  observatory(): Observatory;
  /** The name of the mount's device, empty if there is none. */
  telescopeName(): string;
  /** Milliseconds between two readings of the temperature. */
  pollingPeriod(): number;
  /** Tells what is being done to whoever wants to know that much. */
  debug(text: string): void;
}

/** Shows an opened camera as an INDI CCD, for as long as the connection lasts. */
export async function ccd(
  connection: Connection,
  camera: RemoteCamera,
  surroundings: CcdSurroundings,
): Promise<void> {
  const { device, clock, files, keywords: custom, software, pollingPeriod, debug } = surroundings;
  const { observatory, telescopeName } = surroundings;
  const { info, sdkVersion } = camera.opened;
  const message = (text: string, level?: MessageLevel) => device.message(text, level);
  const warn = (text: string) => device.message(text, "warning");

  const type = frameType(connection, { hasShutter: info.hasShutter, message: warn });
  const video: Video = new Video(
    camera.video,
    () => videoOptions(),
    () => ladder,
  );
  const frame = capture(connection, camera, video);
  const flipped = flip(connection, camera, frame);
  const telescope = scope(connection, info, observatory);
  customKeywords(connection, custom);
  const colors = color(connection, camera, { capture: frame, flip: flipped });
  const { blob, delivery, isCompressing } = image(connection, {
    custom,
    upload: upload(connection, { files, message }),
    software,
    before: [
      () => instrumentKeywords(device.name, info),
      () => telescopeKeywords(telescopeName()),
      () => timeKeywords(type()),
      await temperature(connection, camera, { clock, pollingPeriod, message, warn }),
      () => geometryKeywords(info),
      () => typeKeywords(type()),
      () => filterKeywords(observatory),
      colors.keywords,
      telescope.keywords,
      () => accessoryKeywords(observatory),
      telescope.scaleKeywords,
      () => (type().isLight ? pointingKeywords(observatory) : noKeywords),
      wcs(connection, info, { type, scope: telescope, observatory, message }),
      () => dateKeywords,
    ],
    after: [() => originKeywords(software), controls(connection, camera, video), () => extra],
    followCompression: () => video.adjust(),
    onError: (error) => device.failed("CCD1", error),
    onCrowded: (listener) => void camera.pictures.on("crowded", listener),
  });
  const ladder: Recovery = recovery(connection, camera, { clock, message });
  exposure(connection, camera, {
    recovery: ladder,
    type,
    delivery,
    unless: () => video.isRunning && "Stop the video before you take an exposure.",
    message,
    debug,
  });
  const videoOptions = streaming(connection, camera, video, {
    device,
    clock,
    files,
    blob,
    color: colors,
    keywords: custom,
    observatory,
    telescopeName,
    isCompressing,
    message,
  });
  connection.add(ADC_DEPTH(info.sensor));
  connection.add(SDK(sdkVersion));
  if (info.serial !== undefined) connection.add(SERIAL_NUMBER(info.serial));
  const extra = await features(connection, camera, { device, files });
}
