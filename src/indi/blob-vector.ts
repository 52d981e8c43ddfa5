import type { BlobDefinition } from "./definition.js";
import type { DefVector, SetVector } from "./messages.js";
import type { State } from "./types.js";
import { type BlobContent, Vector } from "./vector.js";

/** A live BLOB property: what is sent through it reaches the clients that enabled its BLOBs. */
export class BlobVector<E extends string = string> extends Vector {
  constructor(override readonly definition: BlobDefinition<E>) {
    super(definition);
  }

  /**
   * Sends a BLOB, with the state Ok. Settles when every interested client has all of it or has left;
   * until then its bytes must not change.
   */
  async send(element: E, content: BlobContent): Promise<void> {
    this.enter("Ok");
    await this.outlet?.sendBlob(this.update(this.outlet.device), element, content);
  }

  /** Whether a BLOB sent now would go to somebody by descriptor, were its memory shared. */
  get isHandedOver(): boolean {
    return this.outlet?.isHandedOver(this.definition.name) ?? false;
  }

  /** Shows clients a state without a BLOB. */
  publish(state: State, message?: string): void {
    if (state !== this.state || message !== undefined) this.show(state, message);
  }

  override define(device: string): DefVector {
    const { perm, timeout, elements } = this.definition;
    return {
      tag: "def",
      kind: "BLOB",
      ...this.heading(device),
      perm,
      timeout,
      elements: elements.map(({ name, label }) => ({ name, label })),
    };
  }

  protected override update(device: string): SetVector {
    return { tag: "set", kind: "BLOB", ...this.updateHeading(device), elements: [] };
  }
}
