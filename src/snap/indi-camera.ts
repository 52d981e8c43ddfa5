import { ConnectionLost, type IndiClient } from "../indi/indi-client.js";
import type { Message } from "../indi/messages.js";
import type { RemoteProperty } from "../indi/remote-property.js";
import { deadline } from "./deadline.js";
import { SnapError } from "./errors.js";

/** How a change of a property is waited for. */
export interface ChangeOptions {
  /** Whether the property shows that the change is done; any state but Busy if not given. */
  readonly isDone?: (property: RemoteProperty) => boolean;
  /** In seconds. */
  readonly timeout?: number;
}

/** Connecting a cooled camera takes the longest of all answers, some seconds. */
const ANSWER_SECONDS = 60;
/** Drivers define the properties of a connected camera within a moment. */
const DEFINITION_SECONDS = 3;

/** A camera of an INDI server, seen from its client. */
export class IndiCamera {
  readonly #client: IndiClient;
  readonly #signal: AbortSignal;

  /** @param signal ends every wait, which then rejects with its reason */
  constructor(
    client: IndiClient,
    readonly name: string,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#signal = signal;
  }

  /** All properties that are defined. */
  get properties(): readonly RemoteProperty[] {
    return this.#client.properties(this.name);
  }

  /** A property as last told, or undefined if it is not defined. */
  property(name: string): RemoteProperty | undefined {
    return this.#client.property(this.name, name);
  }

  /** Whether a switch of a property that is defined is on. */
  isOn(property: string, element: string): boolean {
    return this.property(property)?.elements.get(element)?.value === "On";
  }

  /** Waits a moment for what is to be found in the properties, and throws `missing` without it. */
  async find<T>(find: () => T | undefined, missing: string): Promise<T> {
    return this.#wait(
      (signal) => this.#client.until(find, { signal }),
      deadline(DEFINITION_SECONDS * 1000),
      new SnapError("BAD_OPTION", `${this.name} ${missing}`),
    );
  }

  /**
   * Waits for a message of which `match` makes something, and throws that where it is an error.
   * Once `patience` aborts, it throws `late`.
   */
  async expect<T>(
    match: (message: Message) => T | SnapError | undefined,
    patience: AbortSignal,
    late: SnapError,
  ): Promise<T> {
    const outcome = (message: Message) => this.#loss(message) ?? match(message);
    const found = await this.#wait(
      (signal) => this.#client.expect(outcome, { signal }),
      patience,
      late,
    );
    if (found instanceof SnapError) throw found;
    return found;
  }

  /** Sets numbers and waits until the camera has taken them. */
  async setNumbers(
    name: string,
    values: Readonly<Record<string, number>>,
    options?: ChangeOptions,
  ): Promise<void> {
    this.sendNumbers(name, values);
    await this.#answer(name, options);
  }

  /** Turns a switch on and waits until the camera has taken it. */
  async turnOn(name: string, element: string): Promise<void> {
    this.sendOn(name, element);
    await this.#answer(name);
  }

  /** Sets numbers without waiting. */
  sendNumbers(name: string, values: Readonly<Record<string, number>>): void {
    this.#client.newNumbers(this.name, name, values);
  }

  /** Turns a switch on without waiting. */
  sendOn(name: string, element: string): void {
    this.#client.newSwitches(this.name, name, { [element]: true });
  }

  /** Asks for the BLOBs of a property. */
  enableBlob(name: string): void {
    this.#client.enableBlob("Also", this.name, name);
  }

  /** Makes errors of Alerts, with the reason that the camera gives with them or just before. */
  refusals(name: string): (message: Message) => SnapError | undefined {
    let note: string | undefined;
    return (message) => {
      const isOurs = "device" in message && message.device === this.name;
      if (isOurs && message.tag === "message") note = message.message;
      const isAlert = isOurs && message.tag === "set" && message.state === "Alert";
      if (!isAlert || message.name !== name) return undefined;
      const reason = (message.message ?? note ?? `${name} is in the state Alert`).trim();
      return new SnapError("REFUSED", `${this.name}: ${reason.replace(/^(\[\w+\]|Error:) /, "")}`);
    };
  }

  async #answer(name: string, options: ChangeOptions = {}): Promise<void> {
    const { isDone = ({ state }) => state !== "Busy", timeout = ANSWER_SECONDS } = options;
    const refusal = this.refusals(name);
    await this.expect(
      (message) => {
        const error = refusal(message);
        if (error) return error;
        if (message.tag !== "set" || message.device !== this.name) return undefined;
        const property = message.name === name && this.property(name);
        return property && isDone(property) ? property : undefined;
      },
      deadline(timeout * 1000),
      new SnapError("TIMEOUT", `${this.name} is not done with ${name} after ${timeout} seconds`),
    );
  }

  #loss(message: Message): SnapError | undefined {
    if (message.tag !== "delProperty" || message.device !== this.name) return undefined;
    if (message.name !== undefined && message.name !== "CCD_EXPOSURE") return undefined;
    return new SnapError("LOST", `${this.name} was disconnected`);
  }

  async #wait<T>(
    begin: (signal: AbortSignal) => Promise<T>,
    patience: AbortSignal,
    late: SnapError,
  ): Promise<T> {
    try {
      return await begin(AbortSignal.any([this.#signal, patience]));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof ConnectionLost) {
        throw new SnapError("LOST", `The connection is lost: ${error.message}`, { cause: error });
      }
      throw patience.aborted ? late : error;
    }
  }
}
