/** What has come of a camera so far, through all its connections and processes. */
export class CameraCounters {
  /** Pictures taken. */
  exposures = 0;
  /** Exposures that the camera failed to take, also where it was brought back and took them after all. */
  failures = 0;
  /** Exposures begun anew because the camera had failed. */
  retries = 0;
  /** Times the camera was opened anew after it had failed. */
  recoveries = 0;
  /** Bytes of the pictures taken. */
  bytes = 0;
  /** Frames of videos that the camera delivered. */
  frames = 0;
  /** Frames of videos that the vendor library lost. */
  framesLost = 0;
  /** Frames left out of recordings because the disk was too slow. */
  framesLeftOut = 0;
  /** Guide pulses that lasted as long as they should have. */
  pulses = 0;
  /** The most a relay was closed longer or shorter than asked, in milliseconds. */
  worstPulseError = 0;

  /** A relay was to be closed for `asked` milliseconds and was for `real`. */
  addPulse(asked: number, real: number): void {
    this.pulses++;
    this.worstPulseError = Math.max(this.worstPulseError, Math.abs(real - asked));
  }
}

/** Gives what a running total has grown by since it was last asked; one that begins anew counts from 0. */
export function growth(): (total: number) => number {
  let last = 0;
  return (total) => {
    const more = total < last ? total : total - last;
    last = total;
    return more;
  };
}
