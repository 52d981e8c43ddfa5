import { type TextDefinition, valuesOf } from "./definition.js";
import type { DefVector, NewVector, OneElement, SetVector } from "./messages.js";
import { PropertyVector } from "./property-vector.js";
import { sentElements } from "./sent-elements.js";

/** A live text property. */
export class TextVector<E extends string = string> extends PropertyVector<Record<E, string>> {
  constructor(override readonly definition: TextDefinition<E>) {
    super(
      definition,
      valuesOf(definition.elements, ({ value }) => value),
    );
  }

  override define(device: string): DefVector {
    const { perm, timeout, elements } = this.definition;
    return {
      tag: "def",
      kind: "Text",
      ...this.heading(device),
      perm,
      timeout,
      elements: elements.map(({ name, label }) => ({ name, label, value: this.value[name] })),
    };
  }

  protected override update(device: string): SetVector {
    const elements = this.definition.elements.map(({ name }) => ({
      name,
      value: this.value[name],
    }));
    return { tag: "set", kind: "Text", ...this.updateHeading(device), elements };
  }

  protected override request(value: Partial<Record<E, string>>): NewVector {
    const elements = this.definition.elements.flatMap(({ name }) => {
      const text = value[name];
      return text === undefined ? [] : [{ name, value: text }];
    });
    return { tag: "new", kind: "Text", device: "", name: this.name, elements };
  }

  protected override accept(sent: readonly OneElement[], base: Record<E, string>) {
    const wanted: Record<E, string> = { ...base };
    for (const [{ name }, text] of sentElements(this.definition, sent)) wanted[name] = text.trim();
    return wanted;
  }
}
