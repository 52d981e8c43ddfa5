/** What all frame slots of a camera may take, in bytes, where that is more than the fewest: little even on a 1-GB Pi. */
const TOGETHER = 64_000_000;

/** One frame on its way to clients, one being filled. */
const FEWEST = 2;

/**
 * A client that stalls for a moment, as wireless networks do, holds up no guide exposure while there are others; with
 * still more of them it would only see older frames.
 */
const MOST = 4;

/** How many frames of a camera may be in use at a time, whose slots have so many bytes each. */
export function slotCount(slotBytes: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.floor(TOGETHER / slotBytes)));
}
