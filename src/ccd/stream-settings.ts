import { CONTROL } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { Video, VideoOptions } from "./video.js";
import {
  CCD_STREAM_ENCODER,
  LIMITS,
  STREAM_AUTO_EXPOSURE,
  STREAM_FULL_DEPTH,
  STREAMING_EXPOSURE,
} from "./video-definitions.js";

const MEGABYTE = 1024 * 1024;

/** How frames are exposed, picked and shown; a running video follows at once. */
export function streamSettings(
  connection: Connection,
  camera: RemoteCamera,
  video: Video,
  isCompressing: () => boolean,
): () => Omit<VideoOptions, "part"> {
  const { exposureLimits, controls } = camera.opened;
  const { min, max } = exposureLimits;
  const time = controls.find(({ type }) => type === CONTROL.exposure);
  const depth = connection.add(STREAM_FULL_DEPTH);
  const exposure = connection.add(STREAMING_EXPOSURE);
  const automatic = time?.canBeAuto ? connection.add(STREAM_AUTO_EXPOSURE) : undefined;
  const encoder = connection.add(CCD_STREAM_ENCODER);
  const limits = connection.add(LIMITS);

  const wanted = {
    depth: depth.value,
    exposure: exposure.value,
    isAutomatic: false,
    encoder: encoder.value,
    limits: limits.value,
  };

  async function follow(change: Partial<typeof wanted>): Promise<void> {
    Object.assign(wanted, change);
    await video.adjust();
  }

  depth.onNew((value) => follow({ depth: value }));
  encoder.onNew((value) => follow({ encoder: value }));
  limits.onNew((value) => follow({ limits: value }));
  exposure.onNew(
    async ({ STREAMING_EXPOSURE_VALUE: seconds, STREAMING_DIVISOR_VALUE: divisor }) => {
      const value = {
        // What the camera cannot do it would change without a word.
        STREAMING_EXPOSURE_VALUE: Math.min(Math.max(seconds, min), max),
        STREAMING_DIVISOR_VALUE: Math.round(divisor),
      };
      const { STREAMING_EXPOSURE_VALUE: shown } = exposure.value;
      // Clients send the time back when they change the divisor; another time ends the automatic mode.
      const isAutomatic = wanted.isAutomatic && value.STREAMING_EXPOSURE_VALUE === shown;
      await follow({ exposure: value, isAutomatic });
      if (!isAutomatic) automatic?.publish({ INDI_ENABLED: false, INDI_DISABLED: true });
      return value;
    },
  );
  automatic?.onNew(({ INDI_ENABLED }) => {
    // Either way it goes on from the time it is now.
    return follow({ isAutomatic: INDI_ENABLED, exposure: exposure.value });
  });
  video.on("statistics", ({ seconds }) => {
    if (wanted.isAutomatic) exposure.publish({ STREAMING_EXPOSURE_VALUE: seconds });
  });

  function encoding() {
    if (wanted.encoder.MJPEG) return "jpeg";
    return isCompressing() ? "deflate" : "raw";
  }

  return () => ({
    seconds: wanted.exposure.STREAMING_EXPOSURE_VALUE,
    isAutomatic: wanted.isAutomatic,
    divisor: wanted.exposure.STREAMING_DIVISOR_VALUE,
    preview: {
      depth: wanted.depth.FULL_DEPTH_8BIT ? 8 : 16,
      encoding: encoding(),
      framesPerSecond: wanted.limits.LIMITS_PREVIEW_FPS,
    },
    bufferBytes: wanted.limits.LIMITS_BUFFER_MAX * MEGABYTE,
  });
}
