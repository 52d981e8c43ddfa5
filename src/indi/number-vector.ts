import { type NumberDefinition, valuesOf } from "./definition.js";
import { Refused } from "./errors.js";
import type { DefVector, NewVector, OneElement, SetVector } from "./messages.js";
import { formatNumber, parseNumber, writeNumber } from "./number-format.js";
import { PropertyVector } from "./property-vector.js";
import { sentElements } from "./sent-elements.js";
import type { Range, State } from "./types.js";

/** A live number property. */
export class NumberVector<E extends string = string> extends PropertyVector<Record<E, number>> {
  readonly #ranges: Record<E, Range>;

  constructor(override readonly definition: NumberDefinition<E>) {
    super(
      definition,
      valuesOf(definition.elements, ({ value }) => value),
    );
    this.#ranges = valuesOf(definition.elements, ({ min, max, step }) => ({ min, max, step }));
  }

  /** The limits of an element as they are now. */
  range(element: E): Range {
    return this.#ranges[element];
  }

  /**
   * Changes limits, and values that go with them, also in the eyes of clients that have the definition; all of it in
   * one message.
   */
  limit(
    ranges: Partial<Record<E, Range>>,
    value: Partial<Record<E, number>> = {},
    state: State = this.state,
  ): void {
    const changed = new Map<string, Range>();
    for (const { name } of this.definition.elements) {
      const range = ranges[name];
      if (range === undefined || isSame(range, this.#ranges[name])) continue;
      this.#ranges[name] = range;
      changed.set(name, range);
    }
    if (changed.size === 0) {
      this.publish(value, state);
      return;
    }
    this.take(value);
    this.enter(state);
    if (!this.outlet) return;
    const update = this.update(this.outlet.device);
    const elements = this.definition.elements.map(({ name }) => ({
      name,
      value: writeNumber(this.value[name]),
      ...changed.get(name),
    }));
    this.outlet.send({ ...update, kind: "Number", elements });
  }

  override define(device: string): DefVector {
    const { perm, timeout, elements } = this.definition;
    return {
      tag: "def",
      kind: "Number",
      ...this.heading(device),
      perm,
      timeout,
      elements: elements.map(({ name, label, format }) => ({
        name,
        label,
        format,
        ...this.#ranges[name],
        value: writeNumber(this.value[name]),
      })),
    };
  }

  protected override update(device: string): SetVector {
    const elements = this.definition.elements.map(({ name }) => ({
      name,
      value: writeNumber(this.value[name]),
    }));
    return { tag: "set", kind: "Number", ...this.updateHeading(device), elements };
  }

  protected override merged(value: Partial<Record<E, number>>): Record<E, number> {
    const merged = super.merged(value);
    for (const { name } of this.definition.elements) {
      if (!Number.isFinite(merged[name])) throw new TypeError(`${this.name}.${name} is no number`);
    }
    return merged;
  }

  protected override request(value: Partial<Record<E, number>>): NewVector {
    const elements = this.definition.elements.flatMap(({ name }) => {
      const number = value[name];
      return number === undefined ? [] : [{ name, value: writeNumber(number) }];
    });
    return { tag: "new", kind: "Number", device: "", name: this.name, elements };
  }

  protected override accept(sent: readonly OneElement[], base: Record<E, number>) {
    const wanted: Record<E, number> = { ...base };
    for (const [{ name }, text] of sentElements(this.definition, sent)) {
      wanted[name] = this.#read(name, text);
    }
    return wanted;
  }

  #read(element: E, text: string): number {
    const { label, elements } = this.definition;
    const property = `${label} (${this.name})`;
    // libindi's words do not say which of many it was.
    const which = elements.length > 1 ? ` (${element})` : "";
    const value = parseNumber(text);
    if (value === undefined) {
      throw new Refused(`Error: Bad number "${text}" for ${property}${which}.`);
    }
    const { min, max } = this.#ranges[element];
    const isOutside = min !== max && (value < min || value > max);
    if (isOutside && !this.options.anyValue?.()) {
      const [low, high, requested] = [min, max, value].map((number) => formatNumber("%g", number));
      throw new Refused(
        `Error: Invalid range for ${property}. Valid range is from ${low} to ${high}. Requested value is ${requested}${which}`,
      );
    }
    return value;
  }
}

function isSame(a: Range, b: Range): boolean {
  return a.min === b.min && a.max === b.max && a.step === b.step;
}
