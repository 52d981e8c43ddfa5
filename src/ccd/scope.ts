import type { CameraInfo } from "../camera/camera-info.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import { SCOPE_INFO } from "./definitions.js";
import type { Keywords } from "./keywords.js";

/** Arcseconds in a radian, times micrometres in a millimetre. */
const ARCSEC_PER_MICRON_OVER_MM = 206.264806;

/** The telescope the camera looks through, as clients tell it. */
export function scope(connection: Connection, { sensor }: CameraInfo): Keywords {
  const vector = connection.add(SCOPE_INFO);
  return (header, { binning }) => {
    const { FOCAL_LENGTH: focalLength, APERTURE: aperture } = vector.value;
    if (focalLength > 0) {
      const scale = (sensor.pixelSize * binning * ARCSEC_PER_MICRON_OVER_MM) / focalLength;
      header.set("FOCALLEN", real(focalLength), "Focal Length (mm)");
      header.set("SCALE", real(scale), "arcsecs per pixel");
    }
    if (aperture > 0) header.set("APTDIA", real(aperture), "Telescope diameter (mm)");
  };
}
