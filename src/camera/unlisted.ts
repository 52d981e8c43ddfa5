import { type AsiLibrary, cameraCheck, productIds } from "../asi/index.js";
import type { CameraInfo } from "./camera-info.js";
import { type UsbProduct, VENDOR } from "./presence.js";

/** A camera that is on USB although the vendor library does not list it. */
export interface UnlistedCamera extends UsbProduct {
  /** The library takes it for a camera, but does not find it; else it is older than the camera. */
  readonly isKnown: boolean;
}

/** The cameras among the devices on USB that the library has not listed. */
export function unlistedCameras(
  library: AsiLibrary,
  listed: readonly Pick<CameraInfo, "name">[],
  devices: readonly UsbProduct[],
): UnlistedCamera[] {
  const cameras = devices
    .map((device) => ({ ...device, isKnown: isKnown(library, device) }))
    .filter(({ isKnown, product }) => isKnown || product.startsWith("ASI"));
  // Where the numbers are equal, what does not match is how the two write a name.
  if (cameras.length <= listed.length) return [];
  const names = listed.map(({ name }) => name.replace(/^ZWO /, ""));
  return cameras.filter(({ product }) => {
    const index = names.indexOf(product);
    if (index >= 0) names.splice(index, 1);
    return index < 0;
  });
}

/** What is wrong with it, and what the user can do. */
export function describeUnlisted({ product, productId, port, isKnown }: UnlistedCamera): string {
  const camera = `The camera ${product} (USB ${VENDOR}:${productId}, port ${port})`;
  return isKnown
    ? `${camera} is not found by the vendor library: plug it in again, and see that this user may use it (udev rules).`
    : `${camera} is unknown to the vendor library: install a newer one.`;
}

/** Older libraries cannot be asked for one product, but list them all. */
function isKnown(library: AsiLibrary, { productId }: UsbProduct): boolean {
  const id = Number.parseInt(productId, 16);
  if (!library.has("ASICameraCheck")) return productIds(library).includes(id);
  return cameraCheck(library, Number.parseInt(VENDOR, 16), id);
}
