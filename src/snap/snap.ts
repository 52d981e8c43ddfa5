import { deadline } from "./deadline.js";
import { SnapError } from "./errors.js";
import { expose } from "./exposure.js";
import { findCamera } from "./find-camera.js";
import { IndiCamera } from "./indi-camera.js";
import { assertWritable, type PictureFiles, writePicture } from "./picture-files.js";
import { openLine, type ServerAddress } from "./server-line.js";
import { applySettings, type CameraSettings } from "./settings.js";
import { Silence } from "./silence.js";
import type { SnapUi } from "./snap-ui.js";

/** Which picture to take, where, and what to do with it. */
export interface SnapOptions extends ServerAddress, CameraSettings {
  /** The device's name; without it the first camera of the server. */
  readonly device?: string | undefined;
  /** The exposure in seconds. */
  readonly seconds: number;
  /** The FITS file; a PNG of the same name is written beside it. */
  readonly output: string;
  /** Seconds to wait for the server, and for the camera to appear. */
  readonly waitSeconds: number;
  /** Seconds without a byte of the picture after the exposure. */
  readonly graceSeconds: number;
}

/** The picture that was taken. */
export interface SnapResult extends PictureFiles {
  readonly device: string;
}

/**
 * Takes one picture with a camera of an INDI server and writes it to files.
 *
 * A camera that is not connected is connected for it, and disconnected afterwards. Rejects with a
 * SnapError, or with the reason of `signal`; an exposure on its way is aborted then.
 */
export async function takeSnapshot(
  options: SnapOptions,
  ui: SnapUi,
  signal: AbortSignal,
): Promise<SnapResult> {
  await assertWritable(options.output);
  const silence = new Silence();
  const patience = deadline(options.waitSeconds * 1000);
  const line = await openLine(
    options,
    ({ received, size }) => {
      silence.broken();
      ui.downloading(received, size);
    },
    patience,
    signal,
  );
  try {
    const device = await findCamera(line.client, options.device, patience, signal);
    const camera = new IndiCamera(line.client, device, signal);
    const blob = await whileConnected(camera, async () => {
      ui.message(`Taking a picture with ${device}`);
      await applySettings(camera, options);
      return expose(camera, options.seconds, options.graceSeconds, silence, ui);
    });
    const files = await writePicture(blob, options.output);
    if (files.note !== undefined) ui.message(files.note);
    return { device, ...files };
  } finally {
    ui.end();
    await line.close();
  }
}

/** Leaves a camera connected or not, as it was before. */
async function whileConnected<T>(camera: IndiCamera, work: () => Promise<T>): Promise<T> {
  await camera.find(() => camera.property("CONNECTION"), "cannot be connected");
  const wasConnected = camera.isOn("CONNECTION", "CONNECT");
  try {
    if (!wasConnected) await connect(camera);
    for (const name of ["CCD_EXPOSURE", "CCD1"]) {
      await camera.find(() => camera.property(name), `has no ${name}: it is no camera`);
    }
    return await work();
  } finally {
    if (!wasConnected) camera.sendOn("CONNECTION", "DISCONNECT");
  }
}

async function connect(camera: IndiCamera): Promise<void> {
  await camera.turnOn("CONNECTION", "CONNECT");
  if (!camera.isOn("CONNECTION", "CONNECT")) {
    throw new SnapError("REFUSED", `${camera.name} does not connect`);
  }
}
