import type { DefVector, OneElement, SetVector } from "./messages.js";
import type { Kind, Permission, Range, State } from "./types.js";

/** One element of a property of another process. */
export interface RemoteElement {
  readonly label: string;
  /** As it stands on the wire; empty for BLOBs. */
  readonly value: string;
  /** The limits of a number. */
  readonly range?: Range;
}

/** A property of another process as it was last told. */
export interface RemoteProperty {
  readonly device: string;
  readonly name: string;
  readonly kind: Kind;
  readonly label: string;
  readonly group: string;
  readonly perm: Permission;
  readonly state: State;
  readonly elements: ReadonlyMap<string, RemoteElement>;
  /** When it was told, in milliseconds on a clock that never jumps. */
  readonly toldAt: number;
}

/** The property a definition tells of. */
export function definedProperty(definition: DefVector, toldAt: number): RemoteProperty {
  const { device, name, kind, label, group, state } = definition;
  const perm = definition.kind === "Light" ? "ro" : definition.perm;
  return {
    device,
    name,
    kind,
    label,
    group,
    perm,
    state,
    elements: new Map(definedElements(definition)),
    toldAt,
  };
}

function definedElements(definition: DefVector): [string, RemoteElement][] {
  switch (definition.kind) {
    case "Number":
      return definition.elements.map(({ name, label, value, min, max, step }) => [
        name,
        { label, value, range: { min, max, step } },
      ]);
    case "BLOB":
      return definition.elements.map(({ name, label }) => [name, { label, value: "" }]);
    default:
      return definition.elements.map(({ name, label, value }) => [name, { label, value }]);
  }
}

/** The property after an update; elements it does not have are passed over. */
export function updatedProperty(
  property: RemoteProperty,
  update: SetVector,
  toldAt: number,
): RemoteProperty {
  const elements = new Map(property.elements);
  if (update.kind !== "BLOB") {
    for (const one of update.elements) {
      const element = elements.get(one.name);
      if (element) elements.set(one.name, updatedElement(element, one));
    }
  }
  return { ...property, state: update.state ?? property.state, elements, toldAt };
}

function updatedElement(
  element: RemoteElement,
  { value, ...limits }: OneElement & Partial<Range>,
): RemoteElement {
  const { range } = element;
  if (!range) return { ...element, value };
  const { min = range.min, max = range.max, step = range.step } = limits;
  return { ...element, value, range: { min, max, step } };
}
