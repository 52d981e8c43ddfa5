import { PIXEL_LAYOUT } from "../camera/pixel-format.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Capture, Roi } from "../camera/roi.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import {
  CCD_BINNING,
  CCD_CAPTURE_FORMAT,
  CCD_FRAME,
  CCD_FRAME_RESET,
  CCD_INFO,
  CCD_VIDEO_FORMAT,
  formatElement,
} from "./capture-definitions.js";
import type { Video } from "./video.js";

/** The setting as the other features see it. */
export interface CaptureSetting {
  /** What the camera does now. */
  readonly real: Capture;
  /** Makes a change that may move the frame, and asks the camera for the same again. */
  repeatAfter(act: () => Promise<void>): Promise<void>;
  /** Hears of every change. */
  onChange(listener: () => void): void;
}

/**
 * Frame, binning and format: three properties, one setting of the camera.
 *
 * What the client asked for last is kept beside what the camera made of it, so that a change of one never
 * wears down another; what is published is what the camera really does.
 */
export function capture(
  connection: Connection,
  camera: RemoteCamera,
  video: Video,
): CaptureSetting {
  const { info, capture: initial } = camera.opened;
  const { sensor } = info;
  const whole: Roi = { left: 0, top: 0, width: sensor.width, height: sensor.height };
  let wanted: Capture = { ...initial, roi: whole };
  let real = initial;

  const frame = connection.add(CCD_FRAME(sensor));
  const reset = connection.add(CCD_FRAME_RESET);
  const binning = connection.add(CCD_BINNING(sensor));
  const formats = [CCD_CAPTURE_FORMAT, CCD_VIDEO_FORMAT].map((define) =>
    connection.add(define(sensor, initial)),
  );
  const about = connection.add(CCD_INFO(sensor, PIXEL_LAYOUT[initial.format].bitsPerSample));

  const listeners: (() => void)[] = [];

  async function change(part: Partial<Capture>): Promise<Capture> {
    const next = { ...wanted, ...part };
    if (isSame(next, wanted)) return real;
    refuseWhileRecording();
    if (next.format !== wanted.format && video.isRunning) {
      throw new Refused("Cannot change format while streaming/recording.");
    }
    return video.between(() => setTo(next));
  }

  async function setTo(next: Capture): Promise<Capture> {
    real = await camera.setCapture(next);
    wanted = next;
    for (const hear of listeners) hear();
    return real;
  }

  function refuseWhileRecording(): void {
    if (!video.isUsedFor("recording")) return;
    throw new Refused("Cannot change frame, binning, format or flip while recording.");
  }

  frame.publish(frameValues(initial.roi), "Idle");
  frame.onNew(async ({ X, Y, WIDTH, HEIGHT }) => {
    const asked = rounded({ left: X, top: Y, width: WIDTH, height: HEIGHT });
    // A client that sends back what it was told asks for no change, not for the clipped frame as such.
    const { roi } = await change(isSameRoi(asked, real.roi) ? {} : { roi: asked });
    return frameValues(roi);
  });

  reset.onNew(async () => {
    const { roi } = await change({ roi: whole });
    frame.publish(frameValues(roi), "Ok");
    return { RESET: false };
  });

  binning.onNew(async ({ HOR_BIN, VER_BIN }, { sent }) => {
    if (sent.size === 2 && HOR_BIN !== VER_BIN) {
      throw new Refused(`Binning ${HOR_BIN}x${VER_BIN} is not supported: both must be the same.`);
    }
    const { roi, binning: factor } = await change({
      binning: sent.has("HOR_BIN") ? HOR_BIN : VER_BIN,
    });
    frame.publish(frameValues(roi), "Ok");
    return { HOR_BIN: factor, VER_BIN: factor };
  });

  for (const format of formats) {
    format.onNew(async (selection) => {
      const selected = sensor.formats.find((name) => selection[formatElement(name)]);
      const { roi, format: set } = await change(selected === undefined ? {} : { format: selected });
      for (const each of formats) if (each !== format) each.adopt({ [formatElement(set)]: true });
      frame.publish(frameValues(roi), "Ok");
      about.publish({ CCD_BITSPERPIXEL: PIXEL_LAYOUT[set].bitsPerSample });
    });
  }

  return {
    get real() {
      return real;
    },
    async repeatAfter(act) {
      refuseWhileRecording();
      const { roi } = await video.between(async () => {
        await act();
        return setTo(wanted);
      });
      frame.publish(frameValues(roi));
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function frameValues({ left, top, width, height }: Roi) {
  return { X: left, Y: top, WIDTH: width, HEIGHT: height };
}

function rounded({ left, top, width, height }: Roi): Roi {
  return {
    left: Math.round(left),
    top: Math.round(top),
    width: Math.round(width),
    height: Math.round(height),
  };
}

function isSameRoi(a: Roi, b: Roi): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}

function isSame(a: Capture, b: Capture): boolean {
  return a.binning === b.binning && a.format === b.format && isSameRoi(a.roi, b.roi);
}
