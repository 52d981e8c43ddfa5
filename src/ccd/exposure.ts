import type { ExposureNews } from "../camera/process/messages.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Frame } from "../camera/process/remote-pictures.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import type { MessageLevel } from "../indi/types.js";
import { blink } from "./blink.js";
import { CCD_ABORT_EXPOSURE, CCD_EXPOSURE, CCD_FRAME_TYPE } from "./definitions.js";
import { fastExposure } from "./fast-exposure.js";
import type { Delivery } from "./image.js";
import type { Keywords } from "./keywords.js";
import type { Recovery } from "./recovery.js";

/** Exposures longer than this are announced in the log, in seconds. */
const WORTH_A_MESSAGE = 3;

/** What is being taken. */
export interface FrameType {
  readonly isDark: boolean;
  readonly isBias: boolean;
  /** The sky is in the picture. */
  readonly isLight: boolean;
  /** As clients and headers call it, such as `Light`. */
  readonly label: string;
}

/** Lets clients choose what is being taken. */
export function frameType(
  connection: Connection,
  { hasShutter, message }: { readonly hasShutter: boolean; message(text: string): void },
): () => FrameType {
  const vector = connection.add(CCD_FRAME_TYPE);
  vector.onNew(({ FRAME_BIAS, FRAME_DARK }) => {
    if (hasShutter || !(FRAME_BIAS || FRAME_DARK)) return;
    const type = FRAME_BIAS ? "bias" : "dark";
    message(`The CCD does not have a shutter. Cover the camera in order to take a ${type} frame.`);
  });
  return () => {
    const { selected } = vector;
    return {
      isDark: selected === "FRAME_DARK",
      isBias: selected === "FRAME_BIAS",
      isLight: selected === "FRAME_LIGHT",
      label: vector.definition.elements.find(({ name }) => name === selected)?.label ?? "",
    };
  };
}

/** Says how long was exposed. */
export function timeKeywords({ isDark }: FrameType): Keywords {
  return (header, { seconds }) => {
    header.set("EXPTIME", real(seconds), "Total Exposure Time (s)");
    if (isDark) header.set("DARKTIME", real(seconds), "Total Dark Exposure Time (s)");
  };
}

/** Says what was taken. */
export function typeKeywords({ label }: FrameType): Keywords {
  return (header) => {
    header.set("FRAME", label, "Frame Type");
    header.set("IMAGETYP", `${label} Frame`, "Frame Type");
  };
}

interface ExposureSurroundings {
  readonly recovery: Recovery;
  type(): FrameType;
  delivery(): Delivery;
  /** Says what the camera is taken by, or false. */
  unless(): string | false;
  message(text: string, level?: MessageLevel): void;
  debug(text: string): void;
}

/** Taking pictures: each request ends in a picture or a series of them, an Alert or an abort. */
export function exposure(
  connection: Connection,
  camera: RemoteCamera,
  { recovery, type, delivery, unless, message, debug }: ExposureSurroundings,
): void {
  const { exposureLimits } = camera.opened;
  const vector = connection.add(CCD_EXPOSURE(exposureLimits));
  const abort = connection.add(CCD_ABORT_EXPOSURE);
  const stop = () => vector.cancel({ CCD_EXPOSURE_VALUE: 0 });
  const blinks = blink(connection, exposureLimits.min);
  const fast = fastExposure(connection, stop);

  vector.onNew(
    async ({ CCD_EXPOSURE_VALUE: wanted }, { signal, replaces, started, progress }) => {
      const { isBias, isDark } = type();
      const seconds = isBias ? exposureLimits.min : wanted;
      const { deliver, order, headRoom, tailRoom } = delivery();
      if (replaces) message("The running exposure was given up for a new one.");
      progress({ CCD_EXPOSURE_VALUE: seconds });

      function onNews(news: ExposureNews): void {
        if (news.kind === "countdown") {
          progress({ CCD_EXPOSURE_VALUE: news.secondsLeft });
          return;
        }
        started();
        if (news.kind === "blink") return;
        if (news.reason !== undefined) {
          message(`${news.reason} Exposing again, attempt ${news.attempt}.`, "warning");
        } else if (seconds > WORTH_A_MESSAGE) {
          message(`Taking a ${seconds} seconds frame...`);
        }
      }

      async function finish(frame: Frame): Promise<void> {
        const { roi, format, binning } = frame;
        debug(`Exposed ${seconds} s: ${roi.width}x${roi.height} ${format}, binning ${binning}.`);
        await deliver(frame, signal);
      }

      const request = { seconds, dark: isDark, order, blinks: blinks() };
      const options = { signal, headRoom, tailRoom, onNews };
      if (fast.isWanted) {
        const onPicture = () => {
          vector.publish({ CCD_EXPOSURE_VALUE: 0 }, "Ok");
          progress({ CCD_EXPOSURE_VALUE: seconds });
        };
        const frames = recovery.series(request, options);
        await fast.take(frames, { signal, deliver: finish, onPicture });
      } else {
        await finish(await recovery.expose(request, options));
      }
      return { CCD_EXPOSURE_VALUE: 0 };
    },
    {
      unless,
      // Clients ask for biases of no time at all.
      anyValue: () => type().isBias,
      onFailure: { CCD_EXPOSURE_VALUE: 0 },
      onRefusal: { CCD_EXPOSURE_VALUE: 0 },
    },
  );

  abort.onNew(
    async () => {
      await stop();
      return { ABORT: false };
    },
    { order: "immediate" },
  );
}
