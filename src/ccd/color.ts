import { CONTROL } from "../camera/controls.js";
import { type Flip, shownPattern } from "../camera/flip.js";
import type { Picture } from "../camera/picture.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { type BayerPattern, isBayerPattern } from "../camera/sensor.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import type { CaptureSetting } from "./capture.js";
import { CCD_CFA } from "./capture-definitions.js";
import { isMosaic, type KeywordSource, type Keywords, noKeywords } from "./keywords.js";

/** What is known of the colour matrix of a camera. */
export interface Color {
  readonly keywords: KeywordSource;
  /** The matrix as a picture has it at its first pixel; undefined where its pixels carry none. */
  pattern(picture: Shown): BayerPattern | undefined;
}

/** What the matrix in a picture depends on. */
type Shown = Pick<Picture, "roi" | "binning" | "format" | "flip">;

/**
 * The colour matrix of a camera that has one.
 *
 * What is shown is the matrix as pictures have it now, from their first pixel on: it changes with the frame and when
 * pictures are mirrored. What clients write is the matrix of the sensor, where the library should have it wrong.
 */
export function color(
  connection: Connection,
  camera: RemoteCamera,
  { capture, flip }: { readonly capture: CaptureSetting; flip(): Flip },
): Color {
  const { sensor } = camera.opened.info;
  const { bayerPattern } = sensor;
  if (bayerPattern === undefined) return { keywords: () => noKeywords, pattern: () => undefined };
  let pattern = bayerPattern;
  const cfa = connection.add(CCD_CFA(shown()));
  // What clients see is another one in another part of the sensor.
  cfa.saveInstead(() => ({ CFA_TYPE: pattern }));
  capture.onChange(() => cfa.publish({ CFA_TYPE: shown() }));

  function shown() {
    const { roi, binning } = capture.real;
    const [left, top] = [roi.left / binning, roi.top / binning];
    return shownPattern(pattern, sensor, { left, top, binning, flip: flip() });
  }

  cfa.onNew(({ CFA_OFFSET_X, CFA_OFFSET_Y, CFA_TYPE }, { sent }) => {
    if (!isBayerPattern(CFA_TYPE)) throw new Refused(`${CFA_TYPE} is no Bayer pattern.`);
    for (const offset of [CFA_OFFSET_X, CFA_OFFSET_Y]) {
      if (!/^\d+$/.test(offset))
        throw new Refused(`The Bayer offset ${offset} is no whole number.`);
    }
    if (sent.has("CFA_TYPE")) pattern = CFA_TYPE;
    return { CFA_OFFSET_X, CFA_OFFSET_Y, CFA_TYPE: shown() };
  });

  function patternIn(picture: Shown, ofSensor: BayerPattern): BayerPattern | undefined {
    const hasMonoBin = camera.control(CONTROL.monoBin) === 1;
    if (!isMosaic(picture, hasMonoBin)) return undefined;
    const { roi, binning, flip } = picture;
    return shownPattern(ofSensor, sensor, { left: roi.left, top: roi.top, binning, flip });
  }

  function keywords(): Keywords {
    const { CFA_OFFSET_X, CFA_OFFSET_Y } = cfa.value;
    const ofSensor = pattern;
    return (header, picture) => {
      const ofPicture = patternIn(picture, ofSensor);
      if (ofPicture === undefined) return;
      header.set("XBAYROFF", Number(CFA_OFFSET_X), "X offset of Bayer array");
      header.set("YBAYROFF", Number(CFA_OFFSET_Y), "Y offset of Bayer array");
      header.set("BAYERPAT", ofPicture, "Bayer color pattern");
    };
  }

  return { keywords, pattern: (picture) => patternIn(picture, pattern) };
}
