import type { Clock } from "../camera/clock.js";
import type { PreviewSettings } from "../camera/preview.js";
import type { BlobVector } from "../indi/blob-vector.js";
import type { Connection } from "../indi/connection.js";
import { settled } from "../indi/task.js";
import type { MessageLevel } from "../indi/types.js";
import type { Video } from "./video.js";
import { CCD_VIDEO_STREAM, FPS, STREAM_DELAY, STREAM_STATS } from "./video-definitions.js";

/** The formats by which clients know live frames: all contain the word `stream`. */
const FORMAT: Readonly<Record<PreviewSettings["encoding"], string>> = {
  raw: ".stream",
  jpeg: ".stream_jpg",
  deflate: ".stream.z",
};

const ON = { STREAM_ON: true, STREAM_OFF: false };
const OFF = { STREAM_ON: false, STREAM_OFF: true };

interface StreamSurroundings {
  /** Where live frames go. */
  readonly blob: BlobVector<"CCD1">;
  readonly clock: Clock;
  /** In seconds. */
  exposureTime(): number;
  message(text: string, level?: MessageLevel): void;
  onError(error: unknown): void;
}

/** The live stream: its switch, its frames, and how it fares. */
export function stream(
  connection: Connection,
  video: Video,
  { blob, clock, exposureTime, message, onError }: StreamSurroundings,
): void {
  const vector = connection.add(CCD_VIDEO_STREAM);
  const delay = connection.add(STREAM_DELAY);
  const rate = connection.add(FPS);
  const statistics = connection.add(STREAM_STATS);
  let latestDelay = 0;

  // Not Busy by a promise that lasts as long as the stream: a second wish to start must not restart it.
  vector.onNew(
    async ({ STREAM_ON }) => {
      if (!STREAM_ON) {
        await video.leave("stream");
        return settled(OFF, "Idle");
      }
      if (!video.isUsedFor("stream")) {
        const seconds = exposureTime();
        const most = Math.round(1 / seconds);
        message(
          `Starting the video stream with target exposure ${seconds.toFixed(6)} s (Max theoretical FPS ${most})`,
        );
      }
      await video.join("stream");
      return settled(ON, "Busy");
    },
    { onFailure: OFF },
  );

  video.on("preview", ({ pixels, encoding, size, time, release }) => {
    const content = { format: FORMAT[encoding], bytes: pixels, size, isLive: true };
    blob
      .send("CCD1", content)
      .catch(onError)
      .finally(() => {
        latestDelay = (clock.timeOfDay() - time) / 1_000;
        release();
      });
  });

  video.on("statistics", ({ rate: { instant, average }, frames, dropped }) => {
    rate.publish({ EST_FPS: instant, AVG_FPS: average }, "Ok");
    statistics.publish({ FRAME_NUMBER: frames, FRAMES_DROPPED: dropped }, "Ok");
    if (video.isUsedFor("stream")) delay.publish({ STREAM_DELAY_TIME: latestDelay }, "Ok");
  });

  video.on("restarted", (reason) => message(`${reason} The video is started again.`, "warning"));

  video.on("ended", (failure) => {
    for (const ended of [rate, statistics, delay]) ended.publish({}, "Idle");
    // Without a failure, whoever asked for the end tells of it.
    if (failure === undefined || vector.value.STREAM_OFF) return;
    vector.publish(OFF, "Alert", `[ERROR] ${failure.message}`);
  });

  connection.onClose(async () => {
    await video.close();
    vector.publish(OFF, "Idle");
  });
}
