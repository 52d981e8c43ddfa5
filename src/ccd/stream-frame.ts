import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Capture, Roi } from "../camera/roi.js";
import type { Connection } from "../indi/connection.js";
import type { Video } from "./video.js";
import { CCD_STREAM_FRAME } from "./video-definitions.js";

/** A live frame is at least so wide and high. */
const SMALLEST = 10;

/** The part of the frame that is streamed and recorded: the camera reads no more than that. */
export function streamFrame(connection: Connection, camera: RemoteCamera, video: Video): () => Roi {
  const { bayerPattern } = camera.opened.info.sensor;
  let whole = binned(camera.capture);
  let part = whole;
  const vector = connection.add(CCD_STREAM_FRAME(whole.width, whole.height));

  vector.onNew(
    async ({ X, Y, WIDTH, HEIGHT }) => {
      // The colours of the mosaic stay where clients know them to be.
      const isMosaic = bayerPattern !== undefined && PIXEL_LAYOUT[camera.capture.format].mosaic;
      const horizontal = fitted(X, WIDTH, whole.width, isMosaic);
      const vertical = fitted(Y, HEIGHT, whole.height, isMosaic);
      await video.between(() => {
        part = {
          left: horizontal.start,
          top: vertical.start,
          width: horizontal.size,
          height: vertical.size,
        };
      });
      return values(part);
    },
    { unless: () => video.isUsedFor("recording") && "Recording device is busy." },
  );

  camera.on("capture", (capture) => {
    const before = whole;
    whole = binned(capture);
    if (whole.width === before.width && whole.height === before.height) return;
    part = whole;
    const { width, height } = whole;
    vector.limit(
      {
        X: { min: 0, max: width - 1, step: 0 },
        Y: { min: 0, max: height - 1, step: 0 },
        WIDTH: { min: Math.min(SMALLEST, width), max: width, step: 0 },
        HEIGHT: { min: Math.min(SMALLEST, height), max: height, step: 0 },
      },
      values(part),
      "Ok",
    );
  });

  // Clients size their windows and check the bytes of raw frames by this property.
  video.on("started", ({ roi, binning }) => {
    const { left, top } = camera.capture.roi;
    vector.publish(
      values({ ...roi, left: roi.left - left / binning, top: roi.top - top / binning }),
    );
  });

  return () => part;
}

function binned({ roi, binning }: Capture): Roi {
  return { left: 0, top: 0, width: roi.width / binning, height: roi.height / binning };
}

function fitted(start: number, size: number, limit: number, isMosaic: boolean) {
  const last = Math.max(0, limit - SMALLEST);
  const inside = Math.min(Math.round(start), last);
  const aligned = isMosaic ? inside - (inside % 2) : inside;
  return { start: aligned, size: Math.min(Math.round(size), limit - aligned) };
}

function values({ left, top, width, height }: Roi) {
  return { X: left, Y: top, WIDTH: width, HEIGHT: height };
}
