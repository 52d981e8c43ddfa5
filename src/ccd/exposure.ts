import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { CCD_ABORT_EXPOSURE, CCD_EXPOSURE, CCD_FRAME_TYPE } from "./definitions.js";
import type { Packing } from "./image.js";
import type { Keywords } from "./keywords.js";

/** Exposures longer than this are announced in the log, in seconds. */
const WORTH_A_MESSAGE = 3;

/** What is being taken, and what it says about that in the header. */
export function frameType(connection: Connection) {
  const vector = connection.add(CCD_FRAME_TYPE);
  const keywords: Keywords = (header, { seconds, isDark }) => {
    const label = vector.definition.elements.find(({ name }) => name === vector.selected)?.label;
    header.set("EXPTIME", real(seconds), "Total Exposure Time (s)");
    if (isDark) header.set("DARKTIME", real(seconds), "Total Dark Exposure Time (s)");
    header.set("FRAME", label ?? "", "Frame Type");
    header.set("IMAGETYP", `${label} Frame`, "Frame Type");
  };
  return {
    isDark: () => vector.selected === "FRAME_DARK",
    isBias: () => vector.selected === "FRAME_BIAS",
    keywords,
  };
}

interface ExposureSurroundings {
  readonly type: { isDark(): boolean; isBias(): boolean };
  readonly packing: () => Packing;
  message(text: string): void;
  debug(text: string): void;
}

/** Taking pictures: one at a time, each ending in a picture, an Alert or an abort. */
export function exposure(
  connection: Connection,
  camera: RemoteCamera,
  { type, packing, message, debug }: ExposureSurroundings,
): void {
  const { exposureLimits } = camera.opened;
  const vector = connection.add(CCD_EXPOSURE(exposureLimits));
  const abort = connection.add(CCD_ABORT_EXPOSURE);

  vector.onNew(
    async ({ CCD_EXPOSURE_VALUE: wanted }, { signal, replaces, started, progress }) => {
      const seconds = type.isBias() ? exposureLimits.min : wanted;
      const { send, order, headRoom, tailRoom } = packing();
      if (replaces) message("The running exposure was given up for a new one.");
      progress({ CCD_EXPOSURE_VALUE: seconds });
      const frame = await camera.expose(
        { seconds, dark: type.isDark(), order },
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
      send(frame);
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
