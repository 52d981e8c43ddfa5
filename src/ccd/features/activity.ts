import type { Activity, CameraState } from "../../camera/process/activity.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import type { Connection } from "../../indi/connection.js";
import { valuesOf } from "../../indi/definition.js";
import type { State } from "../../indi/types.js";
import { CAMERA_STATE, LAST_EXPOSURE } from "./definitions.js";

const LIGHT = {
  idle: "IDLE",
  waiting: "WAITING",
  exposing: "EXPOSING",
  reading: "READING",
  download: "DOWNLOAD",
  error: "ERROR",
} as const satisfies Record<CameraState, string>;

/** What the camera is doing, and what it did last. */
export function activity(connection: Connection, camera: RemoteCamera): void {
  const state = connection.add(CAMERA_STATE);
  const last = connection.add(LAST_EXPOSURE);
  const show = (now: Activity["state"]) => {
    const colour: State = now === "idle" ? "Ok" : now === "error" ? "Alert" : "Busy";
    const lights = valuesOf(CAMERA_STATE.elements, ({ name }): State => {
      return name === LIGHT[now] ? colour : "Idle";
    });
    state.publish(lights, colour);
  };
  camera.activity.on("change", show);
  camera.pictures.on("picture", ({ startedAt, seconds }) => {
    const START = new Date(startedAt).toISOString().replace("Z", "");
    last.publish({ START, DURATION: `${seconds}` }, "Ok");
  });
}
