import type { Exposure } from "../camera/exposures.js";
import type { Connection } from "../indi/connection.js";
import { BLINK } from "./definitions.js";

/** Lets clients ask for exposures before each picture that nobody gets; `shortest` is in seconds. */
export function blink(connection: Connection, shortest: number): () => Exposure["blinks"] {
  const vector = connection.add(BLINK);
  return () => {
    const { BLINK_COUNT: count, BLINK_DURATION: seconds } = vector.value;
    return count === 0 ? undefined : { count, seconds: Math.max(seconds, shortest) };
  };
}
