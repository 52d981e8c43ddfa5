import { brokenRule, type SwitchDefinition, valuesOf } from "./definition.js";
import { Refused } from "./errors.js";
import type { DefVector, NewVector, OneElement, SetVector } from "./messages.js";
import { PropertyVector } from "./property-vector.js";
import { sentElements } from "./sent-elements.js";
import type { State, SwitchRule } from "./types.js";
import type { Sifted } from "./vector.js";

/** What may be selected: with the rule OneOfMany there is always something. */
export type Selection<E extends string, R extends SwitchRule> = R extends "OneOfMany"
  ? E
  : E | undefined;

/** A live switch property. */
export class SwitchVector<
  E extends string = string,
  R extends SwitchRule = SwitchRule,
> extends PropertyVector<Record<E, boolean>> {
  constructor(override readonly definition: SwitchDefinition<E, R>) {
    super(
      definition,
      valuesOf(definition.elements, ({ value }) => value),
    );
  }

  /** The switch that is on, the first one where several are. */
  get selected(): Selection<E, R> {
    return selection(this.definition, this.value);
  }

  /** Publishes this switch as on and all others as off. */
  select(element: E, state?: State, message?: string): void {
    const value = valuesOf(this.definition.elements, ({ name }) => name === element);
    this.publish(value, state, message);
  }

  override define(device: string): DefVector {
    const { perm, rule, timeout, elements } = this.definition;
    return {
      tag: "def",
      kind: "Switch",
      ...this.heading(device),
      perm,
      rule,
      timeout,
      elements: elements.map(({ name, label }) => ({
        name,
        label,
        value: onOff(this.value[name]),
      })),
    };
  }

  /** What shall be off says nothing where only one switch can be on. */
  override sift(request: NewVector): Sifted {
    if (request.kind !== "Switch" || this.definition.rule === "AnyOfMany") {
      return super.sift(request);
    }
    return super.sift({
      ...request,
      elements: request.elements.filter(({ value }) => value !== "Off"),
    });
  }

  protected override update(device: string): SetVector {
    const elements = this.definition.elements.map(({ name }) => ({
      name,
      value: onOff(this.value[name]),
    }));
    return { tag: "set", kind: "Switch", ...this.updateHeading(device), elements };
  }

  protected override merged(value: Partial<Record<E, boolean>>): Record<E, boolean> {
    const merged = super.merged(value);
    const { rule, elements } = this.definition;
    if (rule === "OneOfMany" || rule === "AtMostOne") {
      const turnsOn = elements.some(({ name }) => value[name]);
      if (turnsOn) for (const { name } of elements) merged[name] = value[name] ?? false;
    }
    const broken = this.#broken(merged);
    if (broken) throw new TypeError(`${this.name}: ${broken}`);
    return merged;
  }

  protected override request(value: Partial<Record<E, boolean>>): NewVector {
    const elements = this.definition.elements.flatMap(({ name }) => {
      const isOn = value[name];
      return isOn === undefined ? [] : [{ name, value: onOff(isOn) }];
    });
    return { tag: "new", kind: "Switch", device: "", name: this.name, elements };
  }

  protected override accept(sent: readonly OneElement[], base: Record<E, boolean>) {
    const { label, rule } = this.definition;
    const received = sentElements(this.definition, sent).map(
      ([{ name }, text]) => [name, this.#read(text)] as const,
    );
    const wanted: Record<E, boolean> = { ...base };
    if (rule === "OneOfMany" || (rule === "AtMostOne" && received.some(([, isOn]) => isOn))) {
      for (const { name } of this.definition.elements) wanted[name] = false;
    }
    for (const [name, isOn] of received) wanted[name] = isOn;
    const broken = this.#broken(wanted);
    if (broken) {
      throw new Refused(
        `Error: invalid state switch for property ${label} (${this.name}). ${broken}`,
      );
    }
    return wanted;
  }

  #read(text: string): boolean {
    if (text === "On") return true;
    if (text === "Off") return false;
    throw new Refused(
      `Error: a switch of ${this.definition.label} (${this.name}) must be On or Off, not "${text}".`,
    );
  }

  #broken(value: Record<E, boolean>): string | undefined {
    const { rule, elements } = this.definition;
    return brokenRule(rule, elements.filter(({ name }) => value[name]).length);
  }
}

const onOff = (isOn: boolean): string => (isOn ? "On" : "Off");

function selection<E extends string, R extends SwitchRule>(
  definition: SwitchDefinition<E, R>,
  value: Readonly<Record<E, boolean>>,
): Selection<E, R>;
function selection(
  { elements }: SwitchDefinition,
  value: Readonly<Record<string, boolean>>,
): string | undefined {
  return elements.find(({ name }) => value[name])?.name;
}
