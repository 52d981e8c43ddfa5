import type { Message, OneBlob } from "../indi/messages.js";
import { parseNumber } from "../indi/number-format.js";
import { SnapError } from "./errors.js";
import type { IndiCamera } from "./indi-camera.js";
import type { Silence } from "./silence.js";
import type { SnapUi } from "./snap-ui.js";

const VALUE = "CCD_EXPOSURE_VALUE";

/**
 * Exposes and gives what the camera sends. An exposure that nobody waits for any more is aborted.
 *
 * @param grace seconds without a byte of the picture after the exposure
 */
export async function expose(
  camera: IndiCamera,
  seconds: number,
  grace: number,
  silence: Silence,
  ui: SnapUi,
): Promise<OneBlob> {
  if (camera.property("CCD_EXPOSURE")?.state === "Busy") {
    throw new SnapError("REFUSED", `${camera.name} is exposing for another client`);
  }
  if (camera.isOn("UPLOAD_MODE", "UPLOAD_LOCAL")) await camera.turnOn("UPLOAD_MODE", "UPLOAD_BOTH");
  camera.enableBlob("CCD1");
  camera.sendNumbers("CCD_EXPOSURE", { [VALUE]: seconds });
  ui.exposing(seconds, seconds);
  silence.begin(seconds + grace);
  try {
    return await camera.expect(
      pictureIn(camera, (left) => ui.exposing(left, seconds)),
      silence.signal,
      new SnapError("TIMEOUT", `${camera.name} has not sent the picture in time`),
    );
  } catch (error) {
    const hasEnded = error instanceof SnapError && error.code === "REFUSED";
    if (!hasEnded) camera.sendOn("CCD_ABORT_EXPOSURE", "ABORT");
    throw error;
  } finally {
    silence.end();
  }
}

function pictureIn(camera: IndiCamera, onCountdown: (left: number) => void) {
  const refusal = camera.refusals("CCD_EXPOSURE");
  return (message: Message): OneBlob | SnapError | undefined => {
    const error = refusal(message);
    if (error) return error;
    if (message.tag !== "set" || message.device !== camera.name) return undefined;
    if (message.kind === "BLOB" && message.name === "CCD1") {
      return message.elements.find(({ data }) => data.length > 0);
    }
    if (message.name === "CCD_EXPOSURE" && message.state === "Busy") {
      const value = camera.property("CCD_EXPOSURE")?.elements.get(VALUE)?.value;
      onCountdown(parseNumber(value ?? "") ?? 0);
    }
    return undefined;
  };
}
