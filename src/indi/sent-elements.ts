import type { AnyDefinition } from "./definition.js";
import { Refused } from "./errors.js";
import type { OneElement } from "./messages.js";

/** The definitions of the elements a client sent, each with what it sent; throws Refused on an unknown one. */
export function sentElements<X extends { readonly name: string }>(
  { name, label, elements }: Pick<AnyDefinition, "name" | "label"> & { elements: readonly X[] },
  sent: readonly OneElement[],
): (readonly [X, string])[] {
  if (sent.length === 0) throw new Refused(`Error: nothing was sent for ${label} (${name}).`);
  return sent.map((one) => {
    const element = elements.find((candidate) => candidate.name === one.name);
    if (!element) {
      throw new Refused(`Error: ${one.name} is not a member of ${label} (${name}) property.`);
    }
    return [element, one.value];
  });
}
