import type { Right } from "./rights.js";
import type { Kind, Permission, Range, State, SwitchRule } from "./types.js";

/**
 * Elements in their order on the wire: an object with literal names, or a map for names that are
 * only known at run time (an object would move names such as "1" to the front).
 */
export type Elements<E extends string, T> = Readonly<Record<E, T>> | ReadonlyMap<E, T>;

/**
 * Whether values are saved: when clients ask for it (true), or also by themselves whenever a client's wish was
 * met ("auto"), in which case they come back by themselves, too.
 */
export type Saved = boolean | "auto";

/** Whether a property is among those that are saved, or those that come back by themselves. */
export function isSaved({ saved }: AnyDefinition, which: "saved" | "auto"): boolean {
  return which === "auto" ? saved === "auto" : saved !== false;
}

/** What every property says of itself. */
export interface PropertySpec {
  readonly label: string;
  readonly group: string;
  /** The longest time in seconds the property may be Busy; 0, the default, says nothing. */
  readonly timeout?: number;
  /** The state the property starts in; Idle if not given. */
  readonly state?: State;
  /** Its values belong to the device's saved configuration, see {@link Saved}; they do not if not given. */
  readonly saved?: Saved;
  /** The saved properties it builds on, by their names: restored before it, where there are any. */
  readonly buildsOn?: readonly string[];
  /** What clients need to change it: "change" if not given. */
  readonly needs?: Right;
}

/** A property as plain data; `X` is what an element of it says. */
export interface Definition<K extends Kind, E extends string, X> extends Required<PropertySpec> {
  readonly kind: K;
  readonly name: string;
  readonly perm: Permission;
  readonly elements: readonly (X & { readonly name: E; readonly label: string })[];
}

/** One number; `format` is printf's or INDI's `%<w>.<f>m`; the value is `min` if not given. */
export interface NumberElement {
  readonly label: string;
  readonly format?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value?: number;
}

/** One switch, off if not given. */
export interface SwitchElement {
  readonly label: string;
  readonly on?: boolean;
}

/** One text, empty if not given. */
export interface TextElement {
  readonly label: string;
  readonly value?: string;
}

/** One light, Idle if not given. */
export interface LightElement {
  readonly label: string;
  readonly value?: State;
}

/** One BLOB. */
export interface BlobElement {
  readonly label: string;
}

type Spec<E extends string, T> = PropertySpec & { readonly elements: Elements<E, T> };
type WritableSpec<E extends string, T> = Spec<E, T> & { readonly perm: Permission };

/** The definition of a number property. */
export type NumberDefinition<E extends string = string> = Definition<
  "Number",
  E,
  Range & { readonly format: string; readonly value: number }
>;

/** The definition of a switch property. */
export interface SwitchDefinition<E extends string = string, R extends SwitchRule = SwitchRule>
  extends Definition<"Switch", E, { readonly value: boolean }> {
  readonly rule: R;
}

/** The definition of a text property. */
export type TextDefinition<E extends string = string> = Definition<
  "Text",
  E,
  { readonly value: string }
>;

/** The definition of a light property. */
export type LightDefinition<E extends string = string> = Definition<
  "Light",
  E,
  { readonly value: State }
>;

/** The definition of a BLOB property. */
export type BlobDefinition<E extends string = string> = Definition<"BLOB", E, unknown>;

/** Any definition. */
export type AnyDefinition =
  | NumberDefinition
  | SwitchDefinition
  | TextDefinition
  | LightDefinition
  | BlobDefinition;

/** Defines a number property; limits, steps and formats not given are "any", 0 and `%g`. */
export function defineNumbers<E extends string>(
  name: string,
  spec: WritableSpec<E, NumberElement>,
): NumberDefinition<E> {
  return {
    kind: "Number",
    ...heading(name, spec),
    perm: spec.perm,
    elements: listOf(
      spec.elements,
      ({ label, format = "%g", min, max, step = 0, value = min }) => ({
        label,
        format,
        min,
        max,
        step,
        value,
      }),
    ),
  };
}

/** Defines a switch property; with the rule OneOfMany exactly one element must be on. */
export function defineSwitches<E extends string, R extends SwitchRule>(
  name: string,
  spec: WritableSpec<E, SwitchElement> & { readonly rule: R },
): SwitchDefinition<E, R> {
  const elements = listOf(spec.elements, ({ label, on = false }) => ({ label, value: on }));
  const broken = brokenRule(spec.rule, elements.filter((element) => element.value).length);
  if (broken) throw new TypeError(`${name}: ${broken}`);
  return { kind: "Switch", ...heading(name, spec), perm: spec.perm, rule: spec.rule, elements };
}

/** Defines a text property. */
export function defineTexts<E extends string>(
  name: string,
  spec: WritableSpec<E, TextElement>,
): TextDefinition<E> {
  const elements = listOf(spec.elements, ({ label, value = "" }) => ({ label, value }));
  return { kind: "Text", ...heading(name, spec), perm: spec.perm, elements };
}

/** Defines a light property; nobody but the driver sets it. */
export function defineLights<E extends string>(
  name: string,
  spec: Spec<E, LightElement>,
): LightDefinition<E> {
  const elements = listOf(spec.elements, ({ label, value = "Idle" }) => ({ label, value }));
  return { kind: "Light", ...heading(name, spec), perm: "ro", elements };
}

/** Defines a BLOB property. */
export function defineBlobs<E extends string>(
  name: string,
  spec: WritableSpec<E, BlobElement>,
): BlobDefinition<E> {
  const elements = listOf(spec.elements, ({ label }) => ({ label }));
  return { kind: "BLOB", ...heading(name, spec), perm: spec.perm, elements };
}

/** What is wrong with so many switches on under this rule, or nothing. */
export function brokenRule(rule: SwitchRule, on: number): string | undefined {
  if (rule !== "AnyOfMany" && on > 1) return "Too many switches are on.";
  if (rule === "OneOfMany" && on === 0) return "No switch is on.";
  return undefined;
}

/** One value for each element, by its name. */
export function valuesOf<E extends string, D extends { readonly name: E }, T>(
  elements: readonly (D & { readonly name: E })[],
  value: (element: D) => T,
): Record<E, T>;
export function valuesOf<D extends { readonly name: string }, T>(
  elements: readonly D[],
  value: (element: D) => T,
): Record<string, T> {
  return Object.fromEntries(elements.map((element) => [element.name, value(element)]));
}

/** C clients keep names, labels and groups in 64 bytes, the last of them a zero. */
const LONGEST_NAME = 63;

function checked(text: string): string {
  if (Buffer.byteLength(text) > LONGEST_NAME) {
    throw new TypeError(`"${text}" is longer than ${LONGEST_NAME} bytes`);
  }
  return text;
}

function heading(name: string, spec: PropertySpec) {
  return {
    name: checked(name),
    label: checked(spec.label),
    group: checked(spec.group),
    timeout: spec.timeout ?? 0,
    state: spec.state ?? "Idle",
    saved: spec.saved ?? false,
    buildsOn: spec.buildsOn ?? [],
    needs: spec.needs ?? ("change" as const),
  };
}

function listOf<E extends string, T extends { readonly label: string }, X>(
  elements: Elements<E, T>,
  describe: (element: T) => X,
): (X & { readonly name: E })[] {
  return entriesOf(elements).map(([name, element]) => {
    checked(element.label);
    return { name, ...describe(element) };
  });
}

/** The names an object does not keep in the order they were written. */
const ARRAY_INDEX = /^(0|[1-9]\d*)$/;

function entriesOf<E extends string, T>(elements: Elements<E, T>): [E, T][] {
  if (isMap(elements)) return [...elements];
  const entries: [E, T][] = [];
  for (const name in elements) {
    if (ARRAY_INDEX.test(checked(name))) {
      throw new TypeError(
        `Element names such as "${name}" need a Map, an object would reorder them`,
      );
    }
    entries.push([name, elements[name]]);
  }
  return entries;
}

function isMap<E extends string, T>(elements: Elements<E, T>): elements is ReadonlyMap<E, T> {
  return elements instanceof Map;
}
