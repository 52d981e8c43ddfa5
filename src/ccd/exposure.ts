import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { CCD_ABORT_EXPOSURE, CCD_EXPOSURE, CCD_FRAME_TYPE } from "./definitions.js";
import type { Delivery } from "./image.js";
import type { Keywords } from "./keywords.js";

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
  type(): FrameType;
  delivery(): Delivery;
  message(text: string): void;
  debug(text: string): void;
}

/** Taking pictures: one at a time, each ending in a picture, an Alert or an abort. */
export function exposure(
  connection: Connection,
  camera: RemoteCamera,
  { type, delivery, message, debug }: ExposureSurroundings,
): void {
  const { exposureLimits } = camera.opened;
  const vector = connection.add(CCD_EXPOSURE(exposureLimits));
  const abort = connection.add(CCD_ABORT_EXPOSURE);

  vector.onNew(
    async ({ CCD_EXPOSURE_VALUE: wanted }, { signal, started, progress }) => {
      const { isBias, isDark } = type();
      const seconds = isBias ? exposureLimits.min : wanted;
      const { deliver, order, headRoom, tailRoom } = delivery();
      progress({ CCD_EXPOSURE_VALUE: seconds });
      const frame = await camera.expose(
        { seconds, dark: isDark, order },
        {
          signal,
          headRoom,
          tailRoom,
          onNews(news) {
            if (news.kind === "countdown") progress({ CCD_EXPOSURE_VALUE: news.secondsLeft });
            else {
              started();
              if (news.reason !== undefined) {
                message(`${news.reason} Exposing again, attempt ${news.attempt}.`);
              } else if (seconds > WORTH_A_MESSAGE) {
                message(`Taking a ${seconds} seconds frame...`);
              }
            }
          },
        },
      );
      const { width, height } = frame.roi;
      debug(`Exposed ${seconds} s: ${width}x${height} ${frame.format}, binning ${frame.binning}.`);
      await deliver(frame, signal);
      return { CCD_EXPOSURE_VALUE: 0 };
    },
    { onFailure: { CCD_EXPOSURE_VALUE: 0 } },
  );

  abort.onNew(
    async () => {
      await vector.cancel({ CCD_EXPOSURE_VALUE: 0 });
      return { ABORT: false };
    },
    { order: "immediate" },
  );
}
