import type { Clock } from "../camera/clock.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { BlobVector } from "../indi/blob-vector.js";
import type { Connection } from "../indi/connection.js";
import type { Device } from "../indi/device.js";
import type { MessageLevel } from "../indi/types.js";
import type { Color } from "./color.js";
import type { CustomKeywords } from "./custom-keywords.js";
import type { Files } from "./files/files.js";
import type { Observatory } from "./observatory.js";
import { recording } from "./recording.js";
import { stream } from "./stream.js";
import { streamFrame } from "./stream-frame.js";
import { streamSettings } from "./stream-settings.js";
import type { Video, VideoOptions } from "./video.js";

interface StreamingSurroundings {
  readonly device: Device;
  readonly clock: Clock;
  readonly files: Files;
  /** Where live frames go. */
  readonly blob: BlobVector<"CCD1">;
  readonly color: Color;
  /** The clients' own keywords tell who observes with what, and come before what devices tell, as in headers. */
  readonly keywords: CustomKeywords;
  /** What other devices tell at this moment. */
  observatory(): Observatory;
  /** The name of the mount's device, empty if there is none. */
  telescopeName(): string;
  /** Whether clients want raw live frames deflated. */
  isCompressing(): boolean;
  message(text: string, level?: MessageLevel): void;
}

/** The group Streaming: a live stream and recordings of one video; answers how that is to be taken. */
export function streaming(
  connection: Connection,
  camera: RemoteCamera,
  video: Video,
  surroundings: StreamingSurroundings,
): () => VideoOptions {
  const { device, clock, files, blob, color, keywords, isCompressing, message } = surroundings;
  const { observatory, telescopeName } = surroundings;
  stream(connection, video, {
    blob,
    clock,
    exposureTime: () => settings().seconds,
    message,
    onError: (error) => device.failed("CCD1", error),
  });
  const settings = streamSettings(connection, camera, video, isCompressing);
  recording(connection, camera.video, video, {
    clock,
    files,
    pattern: color.pattern,
    names: () => ({
      observer: keywords.text("OBSERVER"),
      instrument: device.name,
      telescope: keywords.text("TELESCOP") || telescopeName(),
    }),
    filter: () => keywords.text("FILTER") || (observatory().filter ?? ""),
    message,
  });
  const part = streamFrame(connection, camera, video);
  return () => ({ ...settings(), part: part() });
}
