import { BlobVector } from "./blob-vector.js";
import type {
  AnyDefinition,
  BlobDefinition,
  LightDefinition,
  NumberDefinition,
  SwitchDefinition,
  TextDefinition,
} from "./definition.js";
import { LightVector } from "./light-vector.js";
import { NumberVector } from "./number-vector.js";
import { SwitchVector } from "./switch-vector.js";
import { TextVector } from "./text-vector.js";
import type { Vector } from "./vector.js";

/** The live vector of a definition. */
export type VectorOf<D extends AnyDefinition> =
  D extends NumberDefinition<infer E>
    ? NumberVector<E>
    : D extends SwitchDefinition<infer E, infer R>
      ? SwitchVector<E, R>
      : D extends TextDefinition<infer E>
        ? TextVector<E>
        : D extends LightDefinition<infer E>
          ? LightVector<E>
          : D extends BlobDefinition<infer E>
            ? BlobVector<E>
            : never;

/** Makes a definition live. */
export function createVector<D extends AnyDefinition>(definition: D): VectorOf<D> & Vector;
export function createVector(definition: AnyDefinition): Vector {
  switch (definition.kind) {
    case "Number":
      return new NumberVector(definition);
    case "Switch":
      return new SwitchVector(definition);
    case "Text":
      return new TextVector(definition);
    case "Light":
      return new LightVector(definition);
    case "BLOB":
      return new BlobVector(definition);
  }
}
