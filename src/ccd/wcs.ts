import type { CameraInfo } from "../camera/camera-info.js";
import { binnedSize } from "../camera/flip.js";
import { real } from "../fits/index.js";
import type { Connection } from "../indi/connection.js";
import type { NumberVector } from "../indi/number-vector.js";
import { CCD_ROTATION, WCS_CONTROL } from "./definitions.js";
import { type KeywordSource, noKeywords } from "./keywords.js";
import type { Observatory } from "./observatory.js";
import { pointing } from "./observatory-keywords.js";
import type { Scope } from "./scope.js";

interface Surroundings {
  type(): { readonly isLight: boolean };
  readonly scope: Scope;
  observatory(): Observatory;
  message(text: string): void;
}

/**
 * Says which pixel shows which part of the sky (FITS 4.0, section 8), where clients want that and have told the
 * orientation.
 *
 * The mount points where the middle of the sensor looks. Rows count downwards, so with north up and east left both
 * axes run against the sky's.
 */
export function wcs(
  connection: Connection,
  { sensor }: CameraInfo,
  { type, scope, observatory, message }: Surroundings,
): KeywordSource {
  let rotation: NumberVector<"CCD_ROTATION_VALUE"> | undefined;

  connection.add(WCS_CONTROL).onNew(async ({ WCS_ENABLE }) => {
    if (WCS_ENABLE && rotation === undefined) {
      rotation = connection.add(CCD_ROTATION).onNew(({ CCD_ROTATION_VALUE: angle }) => {
        message(`Camera Orientation updated to ${angle} degrees.`);
      });
    } else if (!WCS_ENABLE && rotation !== undefined) {
      await connection.remove(rotation);
      rotation = undefined;
    }
    message(`World Coordinate System is ${WCS_ENABLE ? "enabled" : "disabled"}.`);
  });

  return () => {
    if (rotation?.state !== "Ok" || !type().isLight) return noKeywords;
    const angle = rotation.value.CCD_ROTATION_VALUE;
    return (header, picture) => {
      const { equatorial } = observatory();
      const scale = scope.scaleOf(picture);
      if (equatorial === undefined || scale === undefined) return;
      const { roi, binning, flip, startedAt } = picture;
      const { ra, dec } = pointing({ equatorial }, new Date(startedAt));
      const area = binnedSize(sensor, binning);
      const middle = { x: sensor.width / binning / 2, y: sensor.height / binning / 2 };
      const x = flip.horizontal ? area.width - middle.x : middle.x;
      const y = flip.vertical ? area.height - middle.y : middle.y;
      const degrees = scale / 3600;
      const turn = (360 - angle) % 360;
      header.set("CRVAL1", real(ra), "RA at the reference pixel in degrees");
      header.set("CRVAL2", real(dec), "DEC at the reference pixel in degrees");
      header.set("RADESYS", "FK5", "Reference system of coordinates");
      header.set("CTYPE1", "RA---TAN", "Axis 1: RA, gnomonic projection");
      header.set("CTYPE2", "DEC--TAN", "Axis 2: DEC, gnomonic projection");
      // The centre of the first pixel is at 1.
      header.set("CRPIX1", real(x - roi.left + 0.5), "Reference pixel of axis 1");
      header.set("CRPIX2", real(y - roi.top + 0.5), "Reference pixel of axis 2");
      header.set("SECPIX1", real(scale), "arcsecs per pixel of axis 1");
      header.set("SECPIX2", real(scale), "arcsecs per pixel of axis 2");
      header.set(
        "CDELT1",
        real(flip.horizontal ? degrees : -degrees),
        "Degrees per pixel of axis 1",
      );
      header.set("CDELT2", real(flip.vertical ? degrees : -degrees), "Degrees per pixel of axis 2");
      header.set("CROTA1", real(turn), "Rotation of axis 1 in degrees");
      header.set("CROTA2", real(turn), "Rotation of axis 2 in degrees");
    };
  };
}
