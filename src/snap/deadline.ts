/**
 * A signal that aborts after so many milliseconds.
 *
 * Unlike AbortSignal.timeout, also where only AbortSignal.any listens to it: in Node 20 the garbage collector takes that.
 */
export function deadline(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds).unref();
  return controller.signal;
}
