import { type LightDefinition, valuesOf } from "./definition.js";
import type { DefVector, SetVector } from "./messages.js";
import type { State } from "./types.js";
import { ValueVector } from "./value-vector.js";

/** A live light property: clients see it, nobody but the driver changes it. */
export class LightVector<E extends string = string> extends ValueVector<Record<E, State>> {
  constructor(override readonly definition: LightDefinition<E>) {
    super(
      definition,
      valuesOf(definition.elements, ({ value }) => value),
    );
  }

  override define(device: string): DefVector {
    const elements = this.definition.elements.map(({ name, label }) => ({
      name,
      label,
      value: this.value[name],
    }));
    return { tag: "def", kind: "Light", ...this.heading(device), elements };
  }

  protected override update(device: string): SetVector {
    const { timeout: _, ...heading } = this.updateHeading(device);
    const elements = this.definition.elements.map(({ name }) => ({
      name,
      value: this.value[name],
    }));
    return { tag: "set", kind: "Light", ...heading, elements };
  }
}
