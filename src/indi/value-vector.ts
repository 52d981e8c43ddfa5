import type { AnyDefinition } from "./definition.js";
import type { State } from "./types.js";
import { Vector } from "./vector.js";

/** A property with a value for each element. */
export abstract class ValueVector<V extends object> extends Vector {
  #value: V;

  constructor(definition: AnyDefinition, value: V) {
    super(definition);
    this.#value = value;
  }

  get value(): Readonly<V> {
    return this.#value;
  }

  /**
   * Shows clients a value the driver vouches for; the state stays as it is if not given. Nothing is
   * sent where nothing has changed. Throws a TypeError on an unknown element or an impossible value.
   */
  publish(value: Partial<V>, state: State = this.state, message?: string): void {
    const changed = differ(this.#value, this.merged(value));
    if (changed || state !== this.state || message !== undefined) this.put(value, state, message);
  }

  /** Sends the value even where nothing has changed: an answer. */
  protected put(value: Partial<V>, state: State, message?: string): void {
    this.take(value);
    this.show(state, message);
  }

  /** Takes the value over without a word to clients. */
  protected take(value: Partial<V>): void {
    this.#value = this.merged(value);
  }

  /** The whole value after a change of some elements. */
  protected merged(value: Partial<V>): V {
    const unknown = Object.keys(value).find((element) => !Object.hasOwn(this.#value, element));
    if (unknown !== undefined) throw new TypeError(`${this.name} has no element ${unknown}`);
    return { ...this.#value, ...value };
  }
}

/** Tells whether two values differ in any element. */
export function differ<V extends object>(before: V, after: V): boolean {
  for (const element in after) if (!Object.is(before[element], after[element])) return true;
  return false;
}
