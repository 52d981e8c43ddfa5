/** Seconds of the clock that never jumps, as the trace of the cameras' library has them. */
export const monotonic = () => Number(process.hrtime.bigint()) / 1e9;
