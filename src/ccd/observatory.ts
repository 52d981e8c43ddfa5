/** What other devices tell of the observatory; what is unknown, too old or in doubt is left out. Angles in degrees. */
export interface Observatory {
  /** Where the mount points: right ascension in hours, declination in degrees. */
  readonly equatorial?: {
    readonly ra: number;
    readonly dec: number;
    readonly epoch: "JNow" | "J2000";
  };
  /** Longitude from -180 to 180, east positive; elevation in metres. */
  readonly site?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly elevation?: number;
  };
  readonly pierSide?: "east" | "west";
  /** In millimetres. */
  readonly scope?: { readonly focalLength?: number; readonly aperture?: number };
  readonly rotatorAngle?: number;
  /** In steps of the focuser. */
  readonly focuserPosition?: number;
  /** In degrees Celsius. */
  readonly focuserTemperature?: number;
  /** The name of the filter in the light path. */
  readonly filter?: string;
  /** In magnitudes per square arcsecond. */
  readonly skyQuality?: number;
}
