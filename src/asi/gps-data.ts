import type { ASI_GPS_DATA } from "./structs.js";

/** Where and when the GPS receiver of a camera saw a line of the frame. */
export interface GpsData {
  /** UTC as `YYYY-MM-DDThh:mm:ss.sssssss`, to 0.1 µs. */
  readonly utc: string;
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** Metres. */
  readonly altitude: number;
  readonly satellites: number;
}

/** Turns the struct ASI_GPS_DATA into plain values: its altitude counts 0.1 m, its Usecond 0.1 µs. */
export function toGpsData(struct: ASI_GPS_DATA): GpsData {
  const { Year, Month, Day, Hour, Minute, Second, Msecond, Usecond } = struct.Datetime;
  const date = [digits(Year, 4), digits(Month, 2), digits(Day, 2)].join("-");
  const time = [digits(Hour, 2), digits(Minute, 2), digits(Second, 2)].join(":");
  return {
    utc: `${date}T${time}.${digits(Msecond, 3)}${digits(Usecond, 4)}`,
    latitude: struct.Latitude,
    longitude: struct.Longitude,
    altitude: struct.Altitude / 10,
    satellites: struct.SatelliteNum,
  };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
