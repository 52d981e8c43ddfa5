import { CONTROL } from "../../camera/controls.js";
import type { RemoteCamera } from "../../camera/process/remote-camera.js";
import { real } from "../../fits/index.js";
import type { Connection } from "../../indi/connection.js";
import type { Keywords } from "../keywords.js";
import { CCD_GPS, CCD_GPS_TIME } from "./definitions.js";

/** What the receiver of a camera that has one tells of each picture. */
export function gps(connection: Connection, camera: RemoteCamera): Keywords {
  if (!camera.opened.controls.some(({ type }) => type === CONTROL.gps)) return () => undefined;
  const place = connection.add(CCD_GPS);
  const time = connection.add(CCD_GPS_TIME);
  camera.pictures.on("picture", ({ gps }) => {
    if (gps === undefined) {
      place.publish({}, "Alert");
      time.publish({}, "Alert");
      return;
    }
    const { latitude, longitude, altitude, satellites } = gps.startLine;
    const values = { LATITUDE: latitude, LONGITUDE: longitude, ALTITUDE: altitude };
    place.publish({ ...values, SATELLITES: satellites }, "Ok");
    time.publish({ START_LINE: gps.startLine.utc, END_LINE: gps.endLine?.utc ?? "" }, "Ok");
  });
  return (header, { gps }) => {
    if (gps === undefined) return;
    const { latitude, longitude, altitude, satellites, utc } = gps.startLine;
    header.set("GPS_SU", utc, "UTC of the start line by GPS");
    if (gps.endLine !== undefined)
      header.set("GPS_EU", gps.endLine.utc, "UTC of the end line by GPS");
    header.set("GPS_LAT", real(latitude), "Latitude by GPS (deg)");
    header.set("GPS_LONG", real(longitude), "Longitude by GPS (deg)");
    header.set("GPS_ALT", real(altitude), "Altitude by GPS (m)");
    header.set("GPS_SAT", satellites, "Satellites seen by GPS");
  };
}
