import type { NewVector } from "./messages.js";
import type { Outlet, Vector } from "./vector.js";

/**
 * The requests in an order in which none undoes another: each comes after those for what its property builds on. Those
 * for properties that are not there come last: others may bring them.
 */
export function inRestoreOrder(
  requests: readonly NewVector[],
  vectors: Iterable<Vector>,
): readonly NewVector[] {
  const definitions = new Map([...vectors].map(({ name, definition }) => [name, definition]));
  const isThere = ({ name }: NewVector) => definitions.has(name);
  const seen = new Set<NewVector>();
  const ordered: NewVector[] = [];
  const place = (request: NewVector) => {
    if (seen.has(request)) return;
    seen.add(request);
    const below = definitions.get(request.name)?.buildsOn ?? [];
    for (const other of requests) if (below.includes(other.name)) place(other);
    ordered.push(request);
  };
  for (const request of requests) if (isThere(request)) place(request);
  for (const request of requests) place(request);
  return ordered;
}

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
