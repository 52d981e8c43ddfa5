import { basename, dirname, join } from "node:path";
import type { VideoGeometry } from "../camera/camera.js";
import type { Clock } from "../camera/clock.js";
import type { RemoteVideo } from "../camera/process/remote-video.js";
import type { RecordingPlan } from "../camera/recorder.js";
import type { BayerPattern } from "../camera/sensor.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { settled } from "../indi/task.js";
import type { MessageLevel } from "../indi/types.js";
import type { Files } from "./files/files.js";
import { recordPath } from "./record-path.js";
import type { Video } from "./video.js";
import {
  CCD_STREAM_RECORDER,
  RECORD_FILE,
  RECORD_OPTIONS,
  RECORD_STATS,
  RECORD_STREAM,
} from "./video-definitions.js";

const OFF = {
  RECORD_ON: false,
  RECORD_DURATION_ON: false,
  RECORD_FRAME_ON: false,
  RECORD_OFF: true,
};

interface RecordingSurroundings {
  readonly clock: Clock;
  readonly files: Files;
  /** The colour matrix as a part of the sensor has it; undefined where pixels carry none. */
  pattern(geometry: VideoGeometry): BayerPattern | undefined;
  /** Who observes with what, for the header. */
  names(): Pick<RecordingPlan, "observer" | "instrument" | "telescope">;
  /** The filter in use, or nothing. */
  filter(): string;
  message(text: string, level?: MessageLevel): void;
}

/** Recording the video to a file on this machine. */
export function recording(
  connection: Connection,
  remote: RemoteVideo,
  video: Video,
  { clock, files, pattern, names, filter, message }: RecordingSurroundings,
): void {
  const vector = connection.add(RECORD_STREAM);
  const file = connection.add(RECORD_FILE(files.home));
  const options = connection.add(RECORD_OPTIONS);
  const recorder = connection.add(CCD_STREAM_RECORDER);
  const statistics = connection.add(RECORD_STATS);
  const whileRecording = () => video.isUsedFor("recording") && "Recording device is busy.";

  options.onNew((value) => value, { unless: whileRecording });
  recorder.onNew((value) => value, { unless: whileRecording });
  file.onNew(
    async (value) => {
      if (value.RECORD_FILE_NAME.includes("/")) {
        throw new Refused("A file name cannot contain /; the folder is set in RECORD_FILE_DIR.");
      }
      await path(value);
      return value;
    },
    { unless: whileRecording },
  );

  /** Where a recording that starts now goes; throws Refused where it may not. */
  async function path({ RECORD_FILE_DIR, RECORD_FILE_NAME }: typeof file.value): Promise<string> {
    const marks = { time: clock.timeOfDay(), filter: filter() };
    const asked = recordPath(RECORD_FILE_DIR, RECORD_FILE_NAME, marks);
    return join(await files.admit(dirname(asked)), basename(asked));
  }

  vector.onNew(
    async (wanted, { signal, started, progress }) => {
      if (wanted.RECORD_OFF) return settled(OFF, "Idle");
      const limit = limitOf(wanted);
      progress(wanted);
      await video.join("recording");
      started();
      try {
        await record(limit, signal);
      } finally {
        await video.leave("recording");
      }
      return settled(OFF, "Idle");
    },
    {
      unless: ({ RECORD_OFF }) => !RECORD_OFF && whileRecording(),
      onFailure: OFF,
    },
  );

  function limitOf(wanted: typeof vector.value): Pick<RecordingPlan, "frames" | "seconds"> {
    const { RECORD_DURATION: seconds, RECORD_FRAME_TOTAL: frames } = options.value;
    if (wanted.RECORD_DURATION_ON) {
      message(`Starting video record (Duration): ${seconds} secs.`);
      return { seconds };
    }
    if (wanted.RECORD_FRAME_ON) {
      message(`Starting video record (Frame count): ${frames}.`);
      return { frames };
    }
    message("Starting video record.");
    return {};
  }

  async function record(
    limit: Pick<RecordingPlan, "frames" | "seconds">,
    signal: AbortSignal,
  ): Promise<void> {
    let isSlow = false;
    const show = (frames: number, dropped: number) => {
      statistics.publish({ FRAMES_RECORDED: frames, FRAMES_LEFT_OUT: dropped }, "Ok");
      if (dropped > 0 && !isSlow) {
        isSlow = true;
        message("The disk is too slow for the video: frames are left out.", "warning");
      }
    };
    const { geometry } = video;
    const result = await remote.record(
      {
        path: await path(file.value),
        bayerPattern: geometry && pattern(geometry),
        ...names(),
        ...limit,
      },
      (news) => {
        if (news.kind === "opened") message(`Record file is ${news.path}`);
        else show(news.progress.frames, news.progress.dropped);
      },
      signal,
    );
    show(result.frames, result.dropped);
    statistics.publish({}, "Idle");
    const leftOut = result.dropped > 0 ? `, ${result.dropped} left out` : "";
    message(
      `Record Duration: ${result.milliseconds.toFixed(3)} millisec / ${result.frames} frames${leftOut}`,
    );
  }
}
