import { type CameraProperty, isTrue, toCameraProperty } from "./camera-property.js";
import { throwUnlessSuccess } from "./errors.js";
import type { AsiLibrary } from "./library.js";
import { type ASI_CAMERA_INFO, outStruct } from "./structs.js";

/** Scans for cameras and counts them; the indexes of cameraProperty are those of the last scan. */
export function numOfConnectedCameras(library: AsiLibrary): Promise<number> {
  return library.callAsync("ASIGetNumOfConnectedCameras");
}

/** Describes the camera of an index, opened or not. */
export async function cameraProperty(library: AsiLibrary, index: number): Promise<CameraProperty> {
  const info = outStruct<ASI_CAMERA_INFO>();
  const code = await library.callAsync("ASIGetCameraProperty", info, index);
  throwUnlessSuccess("ASIGetCameraProperty", code);
  return toCameraProperty(info);
}

/** Describes an opened camera. */
export async function cameraPropertyById(
  library: AsiLibrary,
  cameraId: number,
): Promise<CameraProperty> {
  const info = outStruct<ASI_CAMERA_INFO>();
  const code = await library.callAsync("ASIGetCameraPropertyByID", cameraId, info);
  throwUnlessSuccess("ASIGetCameraPropertyByID", code, cameraId);
  return toCameraProperty(info);
}

/** Lists the USB product IDs that the library knows. */
export function productIds(library: AsiLibrary): readonly number[] {
  const ids = new Int32Array(library.call("ASIGetProductIDs", null));
  library.call("ASIGetProductIDs", ids);
  return Array.from(ids);
}

/** Says whether a USB device is an ASI camera; ZWO's vendor ID is 0x03c3. */
export function cameraCheck(library: AsiLibrary, vendorId: number, productId: number): boolean {
  return isTrue(library.call("ASICameraCheck", vendorId, productId));
}
