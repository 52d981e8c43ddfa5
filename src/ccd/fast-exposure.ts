import type { Frame } from "../camera/process/remote-pictures.js";
import type { Connection } from "../indi/connection.js";
import { CCD_FAST_COUNT, CCD_FAST_TOGGLE } from "./definitions.js";

/** What is done with the pictures of a series. */
export interface SeriesSteps {
  /** One picture is there and the next is being exposed. */
  onPicture(): void;
  /** Sends and saves a picture and gives its memory back; one at a time. */
  deliver(frame: Frame): Promise<void>;
  readonly signal: AbortSignal;
}

/** Series of exposures without a pause, where clients want them. */
export interface FastExposure {
  /** One exposure asked for shall be a series. */
  readonly isWanted: boolean;
  /** Takes as many pictures as clients want; settles when all are delivered. */
  take(frames: AsyncIterable<Frame>, steps: SeriesSteps): Promise<void>;
}

/** Lets clients ask for series; `stop` ends the one that runs. */
export function fastExposure(connection: Connection, stop: () => Promise<void>): FastExposure {
  const toggle = connection.add(CCD_FAST_TOGGLE);
  const count = connection.add(CCD_FAST_COUNT);
  let isRunning = false;

  toggle.onNew(({ INDI_ENABLED }) => (INDI_ENABLED || !isRunning ? undefined : stop()));

  async function takeAll(frames: AsyncIterable<Frame>, { onPicture, deliver }: SeriesSteps) {
    let left = count.value.FRAMES;
    let delivered: Promise<void> = Promise.resolve();
    let hasFailed = false;
    count.publish({}, "Busy");
    for await (const frame of frames) {
      left--;
      delivered = delivered.then(
        () => deliver(frame),
        (error) => {
          frame.release();
          throw error;
        },
      );
      // The error itself is thrown below.
      delivered.catch(() => {
        hasFailed = true;
      });
      if (left === 0 || hasFailed) break;
      count.publish({ FRAMES: left }, "Busy");
      onPicture();
    }
    await delivered;
  }

  return {
    get isWanted() {
      return toggle.selected === "INDI_ENABLED" && count.value.FRAMES >= 2;
    },
    async take(frames, steps) {
      isRunning = true;
      try {
        await takeAll(frames, steps);
        count.publish({}, "Idle");
      } catch (error) {
        count.publish(steps.signal.aborted ? {} : { FRAMES: 1 }, "Idle");
        throw error;
      } finally {
        isRunning = false;
      }
    },
  };
}
