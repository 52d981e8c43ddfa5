import { ConnectionLost, type IndiClient } from "../indi/indi-client.js";
import { parseNumber } from "../indi/number-format.js";
import { SnapError } from "./errors.js";

/** The bit of DRIVER_INTERFACE that says a device is a camera. */
const CCD_INTERFACE = 2;

/**
 * Waits for the device with this name, or for any camera if none is given, and gives its name.
 * Rejects with a SnapError once `patience` aborts, and with the reason of `signal`.
 */
export async function findCamera(
  client: IndiClient,
  name: string | undefined,
  patience: AbortSignal,
  signal: AbortSignal,
): Promise<string> {
  client.getProperties();
  const find = () =>
    name === undefined
      ? client.devices.find((device) => isCamera(client, device))
      : client.devices.find((device) => device === name);
  try {
    return await client.until(find, { signal: AbortSignal.any([signal, patience]) });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConnectionLost)
      throw new SnapError("LOST", error.message, { cause: error });
    if (!patience.aborted) throw error;
    const others = client.devices.length === 0 ? "it has no devices" : client.devices.join(", ");
    const missing = name === undefined ? "no camera" : `no device ${name}`;
    throw new SnapError("NO_CAMERA", `The INDI server has ${missing}: ${others}`);
  }
}

/** A camera says so in its driver's interface; CCD1 comes only once it is connected. */
function isCamera(client: IndiClient, device: string): boolean {
  const element = client.property(device, "DRIVER_INFO")?.elements.get("DRIVER_INTERFACE");
  const bits = parseNumber(element?.value ?? "") ?? 0;
  return (bits & CCD_INTERFACE) !== 0 || client.property(device, "CCD1") !== undefined;
}
