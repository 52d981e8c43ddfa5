import type { CameraInfo } from "../camera/camera-info.js";
import type { Picture } from "../camera/picture.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { SCOPE_INFO } from "./definitions.js";
import type { KeywordSource, Keywords } from "./keywords.js";
import type { Observatory } from "./observatory.js";

/** Arcseconds in a radian, times millimetres in a micrometre. */
const ARCSEC_PER_MICRON_OVER_MM = 206.264806;

/** The telescope the camera looks through. */
export interface Scope {
  readonly keywords: KeywordSource;
  readonly scaleKeywords: KeywordSource;
  /** Arcseconds a pixel of a picture; undefined while the focal length is unknown. */
  scaleOf(picture: Picture): number | undefined;
}

/** Shows the property by which clients tell of the telescope; what they do not tell, the mount may know. */
export function scope(
  connection: Connection,
  { sensor }: CameraInfo,
  observatory: () => Observatory,
): Scope {
  const vector = connection.add(SCOPE_INFO);

  function told() {
    const { FOCAL_LENGTH, APERTURE } = vector.value;
    const { focalLength, aperture } = observatory().scope ?? {};
    return { focalLength: FOCAL_LENGTH || focalLength, aperture: APERTURE || aperture };
  }

  function scaleOf({ binning }: Picture): number | undefined {
    const { focalLength } = told();
    if (!focalLength) return undefined;
    return (sensor.pixelSize * binning * ARCSEC_PER_MICRON_OVER_MM) / focalLength;
  }

  const keywords: Keywords = (header) => {
    const { focalLength, aperture } = told();
    if (focalLength) header.set("FOCALLEN", real(focalLength), "Focal Length (mm)");
    if (aperture) header.set("APTDIA", real(aperture), "Telescope diameter (mm)");
  };
  const scaleKeywords: Keywords = (header, picture) => {
    const scale = scaleOf(picture);
    if (scale !== undefined) header.set("SCALE", real(scale), "arcsecs per pixel");
  };
  return { keywords: () => keywords, scaleKeywords: () => scaleKeywords, scaleOf };
}
