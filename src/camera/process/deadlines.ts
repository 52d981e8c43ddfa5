/** How long what is asked of a camera process may take before the process counts as hung, in milliseconds. */
export interface Deadlines {
  /** Opening the camera and restoring its settings. */
  readonly open: number;
  readonly close: number;
  /** Requests that should take no time. */
  readonly control: number;
  /** Those that program the sensor. */
  readonly capture: number;
  /** From one sign of life of a running video or recording to the next. */
  readonly alive: number;
  /** On top of what exposures and pulses take by themselves. */
  readonly margin: number;
  /** A cancelled request until it has stopped. */
  readonly cancel: number;
}

/** Long enough for the slowest cameras on the slowest machines. */
export const DEADLINES: Deadlines = {
  open: 20_000,
  close: 2_000,
  control: 8_000,
  capture: 10_000,
  alive: 8_000,
  margin: 3_000,
  cancel: 10_000,
};
