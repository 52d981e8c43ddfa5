import type { Direction } from "../camera/guide-port.js";
import type { RemoteCamera } from "../camera/process/remote-camera.js";
import type { Connection } from "../indi/connection.js";
import type { NumberVector } from "../indi/number-vector.js";
import { settled } from "../indi/task.js";
import { TELESCOPE_TIMED_GUIDE_NS, TELESCOPE_TIMED_GUIDE_WE } from "./definitions.js";

/**
 * Shows the ST4 port of an opened camera as an INDI guider.
 *
 * Each axis is Busy until its relay has really opened again, and rests Idle then. The two run side by side;
 * a newer pulse replaces the one that runs on its axis, and 0 ends it.
 */
export function guider(connection: Connection, camera: RemoteCamera): void {
  axis(camera, connection.add(TELESCOPE_TIMED_GUIDE_NS), [
    ["TIMED_GUIDE_N", "north"],
    ["TIMED_GUIDE_S", "south"],
  ]);
  axis(camera, connection.add(TELESCOPE_TIMED_GUIDE_WE), [
    ["TIMED_GUIDE_W", "west"],
    ["TIMED_GUIDE_E", "east"],
  ]);
}

function axis<E extends string>(
  camera: RemoteCamera,
  vector: NumberVector<E>,
  directions: readonly (readonly [E, Direction])[],
): void {
  vector.onNew(
    async (wanted, { sent, signal, started, progress }) => {
      // Guiding interrupts nothing and waits for nothing.
      started();
      // A direction the client did not name is not to be repeated from its last pulse.
      const [pulse] = directions.filter(([element]) => sent.has(element) && wanted[element] > 0);
      for (const [element] of directions) {
        if (element !== pulse?.[0]) wanted[element] = 0;
      }
      progress(wanted);
      if (pulse !== undefined) {
        const [element, direction] = pulse;
        await camera.pulse(direction, wanted[element], signal);
      }
      return settled<Record<E, number>>(wanted, "Idle");
    },
    { order: "immediate" },
  );
}
