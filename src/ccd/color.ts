import { CONTROL } from "../camera/controls.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import { isBayerPattern, shiftBayerPattern } from "../camera/sensor.js";
import type { Connection } from "../indi/connection.js";
import { Refused } from "../indi/errors.js";
import { CCD_CFA } from "./definitions.js";
import { isMosaic, type Keywords } from "./keywords.js";

/** The colour matrix of a camera that has one. */
export function color(connection: Connection, camera: RemoteCamera): Keywords {
  const { sensor } = camera.opened.info;
  if (sensor.bayerPattern === undefined) return () => undefined;
  const cfa = connection.add(CCD_CFA(sensor.bayerPattern));
  cfa.onNew(({ CFA_OFFSET_X, CFA_OFFSET_Y, CFA_TYPE }) => {
    if (!isBayerPattern(CFA_TYPE)) throw new Refused(`${CFA_TYPE} is no Bayer pattern.`);
    for (const offset of [CFA_OFFSET_X, CFA_OFFSET_Y]) {
      if (!/^\d+$/.test(offset))
        throw new Refused(`The Bayer offset ${offset} is no whole number.`);
    }
  });
  return (header, picture) => {
    const { CFA_OFFSET_X, CFA_OFFSET_Y, CFA_TYPE } = cfa.value;
    const hasMonoBin = camera.control(CONTROL.monoBin) === 1;
    if (!isMosaic(picture, hasMonoBin) || !isBayerPattern(CFA_TYPE)) return;
    const { left, top } = picture.roi;
    header.set("XBAYROFF", Number(CFA_OFFSET_X), "X offset of Bayer array");
    header.set("YBAYROFF", Number(CFA_OFFSET_Y), "Y offset of Bayer array");
    header.set("BAYERPAT", shiftBayerPattern(CFA_TYPE, left, top), "Bayer color pattern");
  };
}
