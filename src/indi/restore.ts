import type { NewVector } from "./messages.js";
import type { Outlet, Vector } from "./vector.js";

/** Carries out on a property what can be of a saved request; tells of each element that cannot. */
export async function restore(
  vector: Vector,
  saved: NewVector,
  tell: (text: string) => void,
): Promise<void> {
  const { request, refusals } = vector.sift(saved);
  for (const refusal of refusals) tell(refusal);
  if (request) await vector.turn(vector.wish(request));
}

/** Does the same to a property that clients have not been told of: they will see it with its outcome. */
export async function restoreUnseen(
  vector: Vector,
  saved: NewVector,
  outlet: Outlet,
  tell: (text: string) => void,
): Promise<void> {
  vector.attach({
    ...outlet,
    send: (message) => {
      if ("message" in message && message.message !== undefined) tell(message.message);
    },
  });
  await restore(vector, saved, tell);
  vector.attach(undefined);
}
