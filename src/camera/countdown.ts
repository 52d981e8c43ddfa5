import type { Clock } from "./clock.js";

/** What is counted down to. */
export interface Countdown {
  /** When it is over, in milliseconds of the clock. */
  readonly end: number;
  /** How much earlier the counting stops, in milliseconds. */
  readonly early?: number;
  /** Hears the whole seconds left, once a second; what it throws ends the countdown. */
  onSecond(secondsLeft: number): void | Promise<void>;
}

/** Sleeps until the end of the countdown; throws what `signal` is aborted with. */
export async function countDown(
  clock: Clock,
  { end, early = 0, onSecond }: Countdown,
  signal: AbortSignal,
): Promise<void> {
  let told: number | undefined;
  for (;;) {
    const left = end - early - clock.now();
    if (left <= 0) return;
    // Wake at each whole second left, and once at the end itself.
    await clock.sleep(left > 1000 ? ((left - 1) % 1000) + 1 : left, signal);
    const secondsLeft = Math.round((end - clock.now()) / 1000);
    // A timer may fire early, and once more for the same second.
    if (secondsLeft <= 0 || secondsLeft === told) continue;
    told = secondsLeft;
    await onSecond(secondsLeft);
  }
}
