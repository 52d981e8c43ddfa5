import type { Picture } from "../camera/camera.js";
import { CONTROL } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { type BayerPattern, isBayerPattern, shiftBayerPattern } from "../camera/sensor.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { CCD_CFA } from "./definitions.js";
import { isMosaic, type Keywords } from "./keywords.js";

/** What is known of the colour matrix of a camera. */
export interface Color {
  readonly keywords: Keywords;
  /** The matrix as a picture has it at its top left pixel; undefined where its pixels carry none. */
  pattern(picture: Pick<Picture, "roi" | "binning" | "format">): BayerPattern | undefined;
}

/** The colour matrix of a camera that has one. */
export function color(connection: Connection, camera: RemoteCamera): Color {
  const { sensor } = camera.opened.info;
  if (sensor.bayerPattern === undefined) {
    return { keywords: () => undefined, pattern: () => undefined };
  }
  const cfa = connection.add(CCD_CFA(sensor.bayerPattern));
  cfa.onNew(({ CFA_OFFSET_X, CFA_OFFSET_Y, CFA_TYPE }) => {
    if (!isBayerPattern(CFA_TYPE)) throw new Refused(`${CFA_TYPE} is no Bayer pattern.`);
    for (const offset of [CFA_OFFSET_X, CFA_OFFSET_Y]) {
      if (!/^\d+$/.test(offset))
        throw new Refused(`The Bayer offset ${offset} is no whole number.`);
    }
  });
  const pattern: Color["pattern"] = (picture) => {
    const { CFA_TYPE } = cfa.value;
    const hasMonoBin = camera.control(CONTROL.monoBin) === 1;
    if (!isMosaic(picture, hasMonoBin) || !isBayerPattern(CFA_TYPE)) return undefined;
    return shiftBayerPattern(CFA_TYPE, picture.roi.left, picture.roi.top);
  };
  const keywords: Keywords = (header, picture) => {
    const ofPicture = pattern(picture);
    if (ofPicture === undefined) return;
    const { CFA_OFFSET_X, CFA_OFFSET_Y } = cfa.value;
    header.set("XBAYROFF", Number(CFA_OFFSET_X), "X offset of Bayer array");
    header.set("YBAYROFF", Number(CFA_OFFSET_Y), "Y offset of Bayer array");
    header.set("BAYERPAT", ofPicture, "Bayer color pattern");
  };
  return { keywords, pattern };
}
